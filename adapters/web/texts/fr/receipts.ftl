# Les mots des reçus signés, et de la manière de les vérifier.

## Un reçu
receipt-short = Reçu
receipt-heading = Reçu de { $number }
receipt-what = Le tribunal a signé ce reçu une fois les fichiers et leur inscription sur un support durable.
receipt-download = Télécharger le reçu
receipt-read = Lire ou télécharger le reçu signé
receipt-file-name = recu-{ $number }.json
receipt-utc = { $at } (UTC)
receipt-signature-heading = Signature
receipt-key = Clé
receipt-signature = Signature (Ed25519)
receipt-log = Journal public
receipt-in-log = Inscription { $index } sur { $size }. Le reçu téléchargé en a la preuve.
receipt-not-in-log = Pas encore inscrit ; cela prend quelques secondes. Le reçu téléchargé ensuite en a la preuve.
receipt-keep = Gardez le reçu téléchargé avec les fichiers que vous avez envoyés : avec lui, chacun peut vérifier sans le portail que le tribunal les a.

## Attestation de transmission
service-record = Attestation de transmission
service-record-heading = Attestation de transmission : { $title }
service-record-what = Quand le tribunal a mis ce document à la disposition du conseil, et quand chaque personne l’a ouvert pour la première fois.
service-record-download = Télécharger l’attestation signée
service-record-file-name = attestation-de-transmission-{ $number }.json
service-record-to = Conseil
service-record-available = Mis à disposition
service-record-deleted = Supprimé de la boîte de réception générale { $at } ; celle du cas le garde.
service-record-as-of = État en date de
service-record-readings = Premières lectures
service-record-unread = Personne ne l’a encore ouvert.
service-record-capacity = En qualité de
service-record-first-read = Première lecture
service-record-as-counsel = conseil
service-record-as-delegate = personne déléguée
service-record-keep = C’est le fichier téléchargé qui fait preuve : le tribunal le signe au moment du téléchargement, et chacun peut le vérifier sans le portail. Les lectures qui viennent après n’y sont pas.

## Comment vérifier un reçu
verifying-heading = Comment vérifier un reçu ou une attestation
verifying-what = Un reçu et une attestation de transmission sont signés par le tribunal. Chacun peut les vérifier sur son propre ordinateur, sans réseau et sans le portail.
verifying-step-receipt = Ayez le reçu ou l’attestation que vous avez téléchargés, et les fichiers tels qu’ils ont été envoyés. Les fichiers peuvent avoir changé de nom.
verifying-step-key = Enregistrez une fois les clés du tribunal.
verifying-step-command = Lancez le programme du portail, que chacun peut construire à partir de sa source :
verifying-keys-file = Les clés en un fichier
verifying-example-files = DOCUMENT.pdf
verifying-example-receipt = RECU.json
verifying-example-key = CLES.txt
verifying-answer = Il dit de chaque fichier s’il est dans le reçu ou dans l’attestation à l’octet près, si la signature est vraie et si un reçu est dans le journal public. Son code de sortie est 0 seulement si tout est vrai.
verifying-keys-heading = Les clés du tribunal
verifying-keys-what = La première clé signe aujourd’hui. Ce que d’anciennes clés ont signé se vérifie toujours.
verifying-log-heading = Le journal public
verifying-log-what = Les reçus sont inscrits dans un journal qui ne peut que croître, dans l’ordre de leur arrivée. Une inscription est une empreinte : elle n’apprend à personne qui a envoyé quoi. Le journal se lit au format tlog-tiles (c2sp.org/tlog-tiles) sous /log.
verifying-checkpoint = Le dernier point de contrôle
