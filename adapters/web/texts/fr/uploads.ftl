# Les fichiers qui arrivent morceau par morceau, et la session qui ne finit pas entre-temps.

upload-list = Fichiers ajoutés
upload-drop = Vous pouvez aussi déposer des fichiers ici. Chacun est envoyé et vérifié tout de suite ; si la connexion est perdue, l’envoi reprend où il en était.
upload-progress = Progression de { $file }
upload-waiting = En attente
upload-sending = { $percent } % envoyés
upload-ready = Reçu en entier et vérifié
upload-paused = En pause à { $percent } %
upload-retrying = Connexion perdue à { $percent } %. Ce qui est arrivé est conservé, et l’envoi reprend tout seul.
upload-put-off = Le portail ne peut pas prendre ce fichier en ce moment. Ce qui est arrivé est conservé, et l’envoi reprend tout seul. Si un délai est proche, appelez le service de dépannage.
upload-again = Interrompu à { $percent } %. Choisissez de nouveau le même fichier pour reprendre.
upload-again-first = Interrompu à { $percent } %, et pas reçu en entier. Choisissez de nouveau le même fichier, ou retirez-le, avant de continuer.
upload-refused-first = { $file } : { $state } Retirez ce fichier de la liste avant de continuer.
upload-signed-out = En pause à { $percent } % : votre session a pris fin. Ouvrez de nouveau une session dans un autre onglet, puis reprenez.
upload-before = Ajouté avant, pas encore envoyé
upload-cancelled = retiré
upload-failed = Ce fichier n’a pas pu être envoyé. Retirez-le et essayez de nouveau.
upload-pause = Pause
upload-resume = Reprendre
upload-cancel = Retirer
upload-pause-file = Mettre { $file } en pause
upload-resume-file = Reprendre { $file }
upload-cancel-file = Retirer { $file }
upload-told = { $file } : { $state }
upload-first = Les fichiers arrivent d’abord en entier ; la suite vient toute seule.

session-heading = Votre session se termine bientôt
session-in-minutes = Elle prend fin dans { $minutes } minutes.
session-in-one-minute = Elle prend fin dans moins d’une minute.
session-for-good = Elle ne peut plus être prolongée : conservez ce que vous avez entré.
session-over = Elle a pris fin. Connectez-vous dans un autre onglet, puis revenez ici.
session-stay = Prolonger la session
session-extended = La session est prolongée.
session-later = Fermer
