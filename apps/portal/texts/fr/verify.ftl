# Ce que dit `portal verify-receipt`.

signature-true = La signature est vraie : la clé { $key } a signé ce reçu.
signature-of-unknown-key = FAUX : aucune des clés données n’a signé ce reçu. Il nomme la clé { $key }.
signature-untrue = FAUX : la signature n’est pas celle de la clé { $key }. Le reçu a été modifié.
receipt-malformed = FAUX : { $file } n’est pas un reçu, ou a été modifié.
statement-unknown = Le reçu est signé, mais dit quelque chose que ce programme ne connaît pas. Il en faut un plus récent.
says-number = Numéro de confirmation { $number }, dossier { $file }
says-people = Envoyé par { $by } pour { $counsel }
says-office = Reçu { $time } ({ $zone }), au bureau qui tient le dossier
says-tribunal = Reçu { $time } ({ $zone }), au tribunal
says-utc = Reçu { $time } (UTC)
file-true = { $file } : dans le reçu, à l’octet près.
file-renamed = { $file } : dans le reçu, à l’octet près, sous le nom { $name }.
file-changed = { $file } : PAS dans le reçu. Le fichier de ce nom dans le reçu a un autre contenu : { $received } octets ; celui-ci en a { $size }.
file-unknown = { $file } : PAS dans le reçu.
file-not-given = { $name } : dans le reçu ; ce fichier n’a pas été donné et n’a donc pas été vérifié.
log-true = Dans le journal { $origin } : inscription { $index } des { $size } que compte le point de contrôle signé. La preuve et le point de contrôle sont vrais.
log-none = Le reçu n’a pas encore la preuve qu’il est dans le journal. Une fois qu’il y est, celui qu’on télécharge de nouveau l’a.
log-untrue = FAUX : la preuve ne montre pas que ce reçu est dans le journal.
log-checkpoint-untrue = FAUX : aucune des clés données n’a signé le point de contrôle du journal tel qu’il est dans le reçu.
log-malformed = FAUX : la preuve d’inscription au journal a été modifiée.
all-true = Tout ce qui a été vérifié est vrai.
not-all-true = Tout n’est pas vrai.
cannot-read = { $file } ne peut pas être lu : { $why }
key-unusable = { $key } n’est ni une clé de vérification, ni un fichier de telles clés. `portal receipt-key` l’imprime, et le portail la montre.
