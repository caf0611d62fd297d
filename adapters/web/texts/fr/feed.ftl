# Ce qu'apprend le système de gestion des cas au sujet d'un cas qu'il a envoyé.

problem-case-unreadable = Ceci n’est pas un cas unique en JSON. Consultez-en la forme dans la documentation de l’API.
problem-case-refused = Certains champs du cas sont inutilisables ; rien n’en a été retenu. Corrigez ceux que nomme « errors », puis renvoyez-le.

fault-missing = Il manque et il est nécessaire.
fault-not-text = Envoyez un texte entre guillemets droits.
fault-not-a-list = Envoyez une liste entre crochets.
fault-not-an-object = Envoyez un objet entre accolades.
fault-file-number = Un numéro de dossier compte de 1 à 32 lettres, chiffres et traits d’union.
fault-another-file = Ce n’est pas le numéro de dossier de l’adresse. Faites-les concorder ou omettez-le.
fault-code = Un code compte de 1 à 64 lettres, chiffres, traits d’union, traits de soulignement ou points.
fault-unknown-division = Ce tribunal n’a pas une telle section. Envoyez-en une qu’il a, ou faites-la configurer.
fault-unknown-region = Ce tribunal n’a pas une telle région. Envoyez-en une qu’il a, ou faites-la configurer.
fault-client-id = Un identificateur de client (IUC) compte 8 ou 10 chiffres.
fault-date = Envoyez un jour comme 2026-11-23, entre 1900 et 2199.
fault-instant = Envoyez un instant avec son décalage, comme 2026-11-23T09:30:00-05:00, entre 1900 et 2199.
fault-account-id = Envoyez l’identifiant d’un compte, ou null.
fault-unknown-counsel = Ce compte n’existe pas. Inscrivez d’abord le conseil, ou envoyez null.
fault-not-counsel = Ce compte n’est pas celui d’un conseil. Envoyez celui d’un conseil, ou null.
fault-period-over = Elle est si ancienne que le délai de conservation du cas est écoulé. N’envoyez pas ce cas.
fault-too-long = Il est plus long que ce qui peut être conservé.
fault-control-characters = Il contient des caractères de commande. Retirez-les.
fault-too-many = Il compte plus d’éléments que ce qui peut être conservé.
