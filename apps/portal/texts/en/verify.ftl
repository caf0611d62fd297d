# What `portal verify-receipt` says.

signature-true = The signature is true: the key { $key } signed this receipt.
signature-of-unknown-key = NOT TRUE: none of the given keys signed this receipt. It names the key { $key }.
signature-untrue = NOT TRUE: the signature is not that of the key { $key }. The receipt was changed.
receipt-malformed = NOT TRUE: { $file } is no receipt, or it was changed.
statement-unknown = The receipt is signed, but says something that this program does not know. A newer one is needed.
says-number = Confirmation number { $number }, file { $file }
says-people = Sent by { $by } on behalf of { $counsel }
says-office = Received { $time } ({ $zone }), at the office that holds the file
says-tribunal = Received { $time } ({ $zone }), at the tribunal
says-utc = Received { $time } (UTC)
file-true = { $file }: in the receipt, to the last byte.
file-renamed = { $file }: in the receipt, to the last byte, under the name { $name }.
file-changed = { $file }: NOT in the receipt. The file of this name in the receipt has another content: { $received } bytes; this one has { $size }.
file-unknown = { $file }: NOT in the receipt.
file-not-given = { $name }: in the receipt; this file was not given, so it was not looked at.
log-true = In the log { $origin }: entry { $index } of the { $size } that the signed checkpoint counts. Proof and checkpoint are true.
log-none = The receipt has no proof yet that it is in the log. Once it is, the one that is downloaded again has it.
log-untrue = NOT TRUE: the proof does not show that this receipt is in the log.
log-checkpoint-untrue = NOT TRUE: none of the given keys signed the log’s checkpoint as it is in the receipt.
log-malformed = NOT TRUE: the proof of being in the log was changed.
all-true = Everything that was looked at is true.
not-all-true = Not everything is true.
cannot-read = { $file } cannot be read: { $why }
key-unusable = { $key } is no verifier key, nor a file of such keys. `portal receipt-key` prints it, and the portal shows it.
