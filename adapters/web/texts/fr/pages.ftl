# Les mots des pages.

## Toutes les pages
portal = Mon dossier
skip-to-content = Passer au contenu principal
menu = Menu
my-cases = Mes dossiers
my-counsels = Mes conseils
sign-out = Se déconnecter
sign-out-everywhere = Se déconnecter partout
sign-out-everywhere-hint = Met fin à toutes vos sessions, sur tous vos appareils.
signed-in-as = Connexion : { $name }
acting-for = Vous agissez pour { $counsel }.
choose-another-counsel = Choisir un autre conseil
help-desk = Service de dépannage : { $number }
true-notices = Nos courriels ne contiennent jamais de lien ni de pièce jointe. Pour utiliser Mon dossier, tapez vous-même son adresse.
demonstration-notice = Démonstration : les personnes et les cas sont inventés, et rien n’est envoyé.
demonstration-mailbox = Courriels
demonstration-text-messages = Messages texte
demonstration-clock = Horloge
demonstration-sign-in = Changer de personne
breadcrumb = Vous êtes ici
confidential-by-law = Les procédures peuvent être confidentielles en vertu de la loi. Déconnectez-vous quand vous quittez cet ordinateur.

## Accueil
home-what = Mon dossier permet aux conseils qui représentent des personnes devant le tribunal de consulter leurs cas actifs, d’envoyer et de recevoir des documents, et de déléguer ce travail.
home-sign-in = Se connecter
home-sign-in-demonstration = Choisissez qui vous voulez être. En production, c’est ici que se trouvent les services de connexion.
home-who = À qui s’adresse le portail
home-who-counsel = Aux avocats, aux notaires du Québec, aux parajuristes de l’Ontario et aux consultants en immigration qui sont membres en règle de leur ordre, une fois que le greffe a ouvert leur inscription.
home-who-delegate = Aux personnes qu’un conseil a invitées à titre de personnes déléguées.
home-trouble = Des difficultés à vous connecter?
home-trouble-call = Appelez le service de dépannage au { $number }. Il ne peut pas répondre aux questions sur un cas.
home-no-service = Aucun service de connexion n’est encore en place. Appelez le service de dépannage.

## Rôles
role-counsel = conseil
role-delegate = personne déléguée
role-registry = greffe
role-help-desk = service de dépannage
role-cms = système de gestion des cas
role-none = sans compte

## Là où il n’y a pas encore de page pour quelqu’un
account-heading = Votre compte
account-for-machines = Vous êtes connecté. Votre travail se fait par l’API.
account-api-documentation = Documentation de l’API
account-no-counsel = Aucun dossier de conseil ne vous est ouvert en ce moment. Si vous en attendiez, parlez-en au conseil : la délégation a peut-être pris fin, ou n’est pas encore acceptée.

## Mes conseils
counsels-hint = Choisissez pour qui vous agissez. Les cas de conseils différents ne sont jamais affichés ensemble.
counsels-access-until = Accès jusqu’au { $at }
counsels-oneself = Vos propres cas

## Mes dossiers
cases-of = Conseil : { $counsel }
cases-search = Nom ou numéro
cases-search-hint = Une partie du nom d’une partie, d’un numéro de dossier ou d’un identificateur (IUC)
cases-filter = Trouver un cas
cases-any-division = Toutes les sections
cases-any-status = Tous les états
cases-apply = Chercher
cases-clear = Effacer
cases-found = { $count ->
    [0] Aucun cas ne correspond.
    [one] { $count } cas
   *[other] { $count } cas
}
cases-none = Il n’y a aucun cas actif ici.
cases-none-hint = Un cas paraît ici dès que le tribunal vous a inscrit comme conseil au dossier, et quitte le portail 45 jours après sa décision définitive. S’il en manque un, appelez le greffe.
cases-file-number = Numéro de dossier
cases-parties = Parties
cases-division = Section
cases-status = État
cases-next-hearing = Prochaine audience
cases-sort = Trier par
cases-sort-file-number = Numéro de dossier
cases-sort-name = Nom
cases-sort-division = Section
cases-sort-hearing-date = Prochaine audience
cases-table = Mes dossiers, triés
cases-leaves = Dans le portail jusqu’au { $day }
pager = Pages de la liste
pager-first = Première page
pager-next = Page suivante

## Un cas
case-heading = Cas { $number }
case-division = Section
case-region = Bureau régional
case-status = État
case-principal = Dossier principal
case-principal-group = Voir tout le groupe
case-client-ids = Identificateurs de client (IUC)
case-parties = Parties
case-retainer = Limites de votre mandat
case-retainer-none = Aucune d’inscrite
case-events = Événements à venir
case-events-none = Aucun événement n’est prévu.
case-decisions = Décisions
case-decisions-none = Aucune décision n’est inscrite.
case-decision-on = { $kind }, { $day }
case-final-decision = Décision définitive le { $day }. Ce cas quitte le portail le { $leaves }.
case-history = Historique des communications
case-history-all = Voir toutes les communications
case-history-none = Rien n’a encore été envoyé pour ce cas.
case-submit = Envoyer un document
case-about = Au sujet de ce cas
case-none = –

## Envoyer un document
submit-heading = Envoyer un document
submit-on = Pour le cas { $number }
submit-steps = Étape 1 de 2 : choisir. Vous vérifiez tout avant l’envoi.
submit-document-type = Type de document
submit-document-type-choose = Choisissez un type
submit-note = Note au greffe
submit-optional = facultatif
submit-note-hint = Au plus { NUMBER($most) } caractères.
submit-service = Copie à l’autre partie
submit-service-hint = Nécessaire pour : { $types }.
submit-service-how = Comment elle a été remise
submit-service-on = Quand elle a été remise
submit-files = Fichiers
submit-files-hint = { $types }. Au plus { $files ->
    [one] un fichier
   *[other] { $files } fichiers
} de { $size } chacun. Les fichiers protégés par un mot de passe ne s’ouvrent pas.
submit-continue = Continuer
submit-cancel = Annuler
submit-errors = Quelque chose demande votre attention
submit-errors-kept = Les fichiers énumérés ci-dessous étaient bons et sont conservés.
submit-file-problem = { $file } : { $problem }

## Vérifier
review-heading = Vérifier et envoyer
review-steps = Étape 2 de 2 : vérifier. Rien n’a encore été envoyé au tribunal.
review-files = Documents à envoyer
review-files-none = Il n’y a encore aucun fichier. Ajoutez-en au moins un.
review-file = Fichier
review-title = Titre
review-title-of = Titre de { $file }
review-title-hint = Tel qu’il doit figurer dans la liste des documents; à défaut, le nom du fichier y figure.
review-pages = Pages
review-size = Taille
review-remove = Retirer
review-remove-file = Retirer { $file }
review-add = Ajouter des fichiers
review-add-button = Ajouter à la liste
review-send = Envoyer au tribunal
review-discard = Abandonner
review-discard-hint = Retire les fichiers. Rien n’est envoyé.
review-details = Détails
review-until = Vous avez jusqu’au { $at } pour faire cet envoi. Ensuite, il est supprimé.

## Confirmation et historique
sent-heading = Le tribunal a reçu vos documents
sent-number = Numéro de confirmation
sent-number-spelled = Conservez ce numéro. Il vous a aussi été envoyé par courriel.
history-heading = Historique des communications
history-hint = Ce qui a été envoyé, entrée par entrée. Les documents eux-mêmes ne sont pas redonnés.
history-none = Rien n’a encore été envoyé pour ce cas.
submission-heading = Communication { $number }
submission-received = Réception
submission-received-office = { $at } au bureau qui détient le dossier
submission-received-office-hint = C’est d’après cette heure que l’on juge si les documents sont arrivés à temps.
submission-received-tribunal = { $at } au tribunal
submission-type = Type de document
submission-by = Envoi fait par
submission-for = Pour le compte de
review-for = Pour le compte de : { $counsel }
submission-note = Note
submission-service = Copie à l’autre partie
submission-service-given = { $how }, { $day }
submission-files = Fichiers
submission-sha256 = SHA-256
submission-acknowledged = Pris en charge par le greffe le { $at }
submission-not-acknowledged = Pas encore pris en charge par le greffe
submission-back-to-case = Retour au cas
submission-print = Conservez ou imprimez cette page : c’est votre accusé de réception.

## Problèmes
problem-lock-code = Code de verrouillage
problem-home = Aller à la page d’accueil

## Codes envoyés par le système de gestion des cas
status-active = Actif
status-decided = Décidé
status-closed = Fermé
event-hearing = Audience
event-conference = Conférence
decision-final = Décision définitive
decision-interim = Décision interlocutoire
party-claimant = Demandeur ou demandeuse d’asile
party-appellant = Partie appelante
party-person-concerned = Personne en cause
party-respondent = Partie intimée
party-minister = Ministre

## Dates, heures et tailles
date = { $day } { $month } { $year }
time = { $hour } h { $minute }
instant = { $date }, { $time } ({ $zone })
size-bytes = { $size ->
    [one] { $size } octet
   *[other] { $size } octets
}
size-kilobytes = { $size } ko
size-megabytes = { $size } Mo
first-of-month = 1er
decimal-mark = ,
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
zone-est = HNE
zone-edt = HAE
zone-cst = HNC
zone-cdt = HAC
zone-mst = HNR
zone-mdt = HAR
zone-pst = HNP
zone-pdt = HAP
zone-ast = HNA
zone-adt = HAA
zone-nst = HNT
zone-ndt = HAT

## Envois
review-added = Les fichiers ont été ajoutés à la liste. Vérifiez-les, puis envoyez.
submission-pages = { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
}
