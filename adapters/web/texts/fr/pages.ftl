# Les mots des pages.

## Toutes les pages
portal = Mon dossier
skip-to-content = Passer au contenu principal
menu = Menu
my-cases = Mes dossiers
my-counsels = Mes conseils
sign-out = Se déconnecter
sign-out-everywhere = Se déconnecter partout
sign-out-everywhere-hint = Met fin à toutes vos sessions, y compris celle-ci.
signed-out = Vous êtes déconnecté
signed-out-service = Votre session auprès du service de connexion est peut-être encore ouverte. Sur un ordinateur que d’autres utilisent, mettez-y fin aussi.
signed-out-everywhere = Se déconnecter du service de connexion
acting-for = Vous agissez pour { $counsel }.
names-and = { $first } et { $last }
choose-another-counsel = Choisir un autre conseil
help-desk = Service de dépannage :
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
home-sign-in-with = Choisissez votre service de connexion.
home-sign-in-demonstration = Choisissez qui vous voulez être. En production, c’est ici que se trouvent les services de connexion.
home-who = À qui s’adresse le portail
home-who-counsel = À titre de conseils, aux membres en règle des ordres suivants, une fois que le greffe a ouvert leur inscription :
home-who-delegate = Aux personnes qu’un conseil a invitées à titre de personnes déléguées.
home-trouble = Des difficultés à vous connecter ?
home-trouble-call = Appelez le service de dépannage. Il ne peut pas répondre aux questions sur un cas.
home-no-service = Aucun service de connexion n’est encore en place. Appelez le service de dépannage.

## Rôles
role-counsel = conseil
role-delegate = personne déléguée
role-registry = greffe
role-help-desk = service de dépannage
role-cms = système de gestion des cas
role-none = sans compte

## Là où il n’y a pas encore de page pour quelqu’un
account-heading = Mon profil
account-for-machines = Vous êtes connecté. Votre travail se fait par l’API.
account-api-documentation = Documentation de l’API
account-no-counsel = Aucun dossier de conseil ne vous est ouvert en ce moment. Si vous en attendiez, parlez-en au conseil : la délégation a peut-être pris fin, ou n’est pas encore acceptée.

## Mes conseils
counsels-hint = Choisissez pour qui vous agissez. Mes dossiers montre les cas d’un seul conseil à la fois.
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
cases-none-hint = Un cas paraît ici dès que le tribunal vous a inscrit comme conseil au dossier, et quitte le portail { $days ->
    [one] { $days } jour
   *[other] { $days } jours
    } après la date de sa décision définitive. S’il en manque un, appelez le service de dépannage.
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
case-retainer = Limites du mandat
case-retainer-none = Aucune d’inscrite
case-events = Événements à venir
case-events-none = Aucun événement n’est prévu.
case-decisions = Décisions
case-decisions-none = Aucune décision n’est inscrite.
case-decision-on = { $kind }, { $day }
case-final-decision = Décision définitive le { $day }. Ce cas quitte le portail le { $leaves }.
case-history = Historique des communications
case-history-none = Rien n’a encore été envoyé pour ce cas.
case-submit = Communiquer un document
case-about = Au sujet de ce cas
case-none = –

## Communiquer un document
submit-heading = Communiquer un document
submit-on = Pour le cas { $number }
submit-steps = Étape 1 de 2 : choisir. Vous vérifiez tout avant l’envoi.
submit-document-type = Type de document
submit-document-type-choose = Choisissez un type
submit-note = Note au greffe
submit-optional = facultatif
submit-note-hint = Au plus { NUMBER($most) } caractères.
submit-service = Copie à l’autre partie
submit-service-optional = Si vous avez remis une copie à l’autre partie, dites comment et quand : au ministre, là où il intervient, ou à l’autre partie à l’appel. Sinon, laissez les deux champs vides.
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
submit-sent-already = Cet envoi a déjà été fait, sous le numéro { $number }, et ne peut plus être modifié. Ce que vous avez ajouté ou changé depuis n’en fait pas partie. C’est conservé ici : vérifiez-le, puis envoyez-le comme une autre communication.
submit-file-beyond = Une communication prend au plus { $limit } fichiers. Envoyez celui-ci dans une autre communication.
submit-too-many-files = Il y a trop de fichiers : une communication en prend au plus { $limit }. Retirez-en { $surplus }, et envoyez-les dans une autre communication.
submit-file-problem = { $file } : { $problem }

## Vérifier
drafts-heading = Commencés et non envoyés
drafts-what = Vous pouvez poursuivre ces envois, ou les abandonner. Le tribunal n’en a rien reçu.
drafts-until = conservé jusqu’au { $at }
drafts-discard = Abandonner : { $what }, conservé jusqu’au { $at }
draft-type-undecided = Type de document pas encore choisi
submission-sent-before = Cet envoi a été fait avant que vous ne puissiez l’abandonner. Le tribunal l’a reçu.
review-heading = Vérifier et envoyer
review-steps = Étape 2 de 2 : vérifier. Rien n’a encore été envoyé au tribunal.
review-files = Documents à envoyer
review-files-none = Il n’y a encore aucun fichier. Ajoutez-en au moins un.
review-file = Fichier
review-title = Titre
review-title-of = Titre de { $file }
review-title-hint = Donnez à chaque document le titre sous lequel il doit figurer dans la liste des documents ; à défaut, le nom du fichier y figure.
review-pages = Pages
review-size = Taille
review-remove = Retirer
review-remove-file = Retirer { $file }
review-add = Ajouter des fichiers
review-add-button = Ajouter à la liste
review-send = Envoyer au tribunal
review-discard = Abandonner
review-discard-sure = Abandonner cette communication ?
review-discard-what = Les fichiers et ce que vous avez entré sont supprimés, et rien n’est envoyé. Cela ne peut pas être défait.
review-discard-yes = Abandonner la communication
review-discarded = La communication est abandonnée. Rien n’en a été envoyé.
review-discard-hint = Retire les fichiers. Rien n’est envoyé.
review-details = Détails
review-until = Vous avez jusqu’au { $at } pour faire cet envoi. Ensuite, il est supprimé.

## Confirmation et historique
sent-heading = Le tribunal a reçu vos documents
sent-number = Numéro de confirmation
sent-number-spelled = Conservez ce numéro. Il vous a aussi été envoyé par courriel.
history-heading = Historique des communications
history-hint = Ce qui a été envoyé, entrée par entrée. L’historique ne permet pas de récupérer les documents.
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
problem-help-desk = Service de dépannage
problem-request-id = Si vous appelez le service de dépannage, donnez ce numéro :
problem-home = Aller à la page d’accueil

## Codes envoyés par le système de gestion des cas
status-active = Actif
status-decided = Tranché
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
date = { $day } { $month } { $year }
time = { $hour } h { $minute }
instant = { $date }, { $time } ({ $zone })
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
zone-america-vancouver-mst = heure de Vancouver
zone-canada-pacific-mst = heure de Vancouver

## Envois
review-added = Les fichiers ont été ajoutés à la liste. Vérifiez-les, puis envoyez.
submission-pages = { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
}

## S’inscrire
register = S’inscrire
register-done = Votre inscription est faite : cette connexion ouvre désormais votre compte.
register-what = Vous êtes connecté, mais cette connexion n’ouvre encore aucun compte. Entrez le code d’accès que le greffe a envoyé à votre cellulaire.
register-what-delegate = Vous êtes une personne déléguée. Si le greffe vous a inscrit comme conseil, entrez le code d’accès qu’il a envoyé à votre cellulaire : cette connexion ouvre alors votre compte de conseil, et vos délégations y passent. Envoyez d’abord ce que vous avez commencé : les envois et formulaires commencés et les jetons d’API ne suivent pas.
register-once = Vous vous inscrivez une fois pour toutes. De nouveaux cas ne demandent pas de nouvelle inscription.
register-code = Code d’accès
register-code-hint = Huit caractères, dans le message texte. Il sert une seule fois, dans un délai de { $hours ->
    [one] { $hours } heure
   *[other] { $hours } heures
    }.
register-wrong = { $tries ->
    [one] Le code d’accès est erroné. Il vous reste un essai avant que votre accès soit bloqué.
   *[other] Le code d’accès est erroné. Il vous reste { $tries } essais avant que votre accès soit bloqué.
}
register-button = S’inscrire
register-no-code = Pas de code d’accès ?
register-no-code-counsel = Conseils : le greffe ouvre votre inscription et envoie le code. Appelez le greffe.
register-no-code-other-service = Déjà inscrit, ou déjà personne déléguée ? Déconnectez-vous, puis connectez-vous avec le service utilisé alors. Si vous l’avez perdu, appelez le service de dépannage, qui réinitialise votre connexion ; demandez ensuite un code d’accès au greffe.
privacy-heading = Énoncé de confidentialité
privacy-who = Ce portail est exploité par le tribunal ({ $tribunal }), qui est responsable des renseignements qui s’y trouvent.
privacy-what = Le portail conserve ce que votre travail y demande : vos nom, adresse de courriel, numéro de cellulaire et appartenance à un ordre ; quels cas sont les vôtres ; ce que vous envoyez, recevez et lisez, et quand.
privacy-why = Ces renseignements servent à vous permettre de travailler, à vous et aux personnes que vous déléguez, et à prouver ensuite ce qui a été fait. Ils ne servent à rien d’autre.
privacy-how-long = Un cas réglé est supprimé, avec tout ce qui a été envoyé à son sujet, { $cases } après sa dernière utilisation à des fins administratives ; une délégation terminée, { $delegations } après sa fin ; un avis par courriel, { $notices } après sa livraison ; un compte dont plus rien ne dépend, { $accounts } après sa dernière utilisation. Ce qui est visé par un ordre de conservation n’est pas supprimé. La trace de qui a fait quoi, quand et de quelle adresse de réseau demeure, sans nom ni contenu.
period-years = { $years ->
    [one] un an
   *[other] { $years } ans
}
period-days = { $days ->
    [one] un jour
   *[other] { $days } jours
}
privacy-rights = Vous pouvez demander à voir vos renseignements et à les faire corriger, en vertu de la loi sur la protection des renseignements personnels qui s’applique au tribunal. Appelez le service de dépannage pour savoir à qui vous adresser.
privacy-version = Version { $version }
privacy-accept = J’ai lu l’énoncé de confidentialité et je l’accepte.

## Compte et jetons
account-name = Nom
account-email = Adresse de courriel
account-becomes-counsel = Le greffe vous a inscrit comme conseil ? Entrez votre code d’accès :
account-roles = Rôle
tokens-heading = Jetons d’API
tokens-what = Un jeton permet à vos propres logiciels d’agir pour vous par l’API, dans les limites choisies ici et jamais au-delà de ce que vous pouvez faire vous-même.
tokens-none = Vous n’avez aucun jeton.
tokens-made = Voici le nouveau jeton. Copiez-le maintenant : il n’est affiché qu’une fois.
tokens-make = Créer un jeton
tokens-label = Nom du jeton
tokens-scopes = Peut servir à
tokens-expires = Échéance
tokens-last-used = Dernière utilisation
tokens-never = Jamais
tokens-over = Échu ou révoqué
tokens-revoke = Révoquer
tokens-revoke-label = Révoquer { $token }
tokens-days = Durée de validité, en jours

## Sessions
sessions-heading = Vos sessions
sessions-what = Chaque ligne est un navigateur où votre session est ouverte. Le portail ne garde rien qui permette de reconnaître un navigateur ou un appareil : fiez-vous aux heures. Mettez fin à une session que vous ne reconnaissez pas ; personne ne peut plus s’en servir ensuite. Si quelqu’un d’autre s’est connecté, changez aussi votre mot de passe auprès de votre service de connexion.
sessions-since = Depuis
sessions-last-used = Dernière utilisation
sessions-service = Service de connexion
sessions-service-unknown = Inconnu
sessions-this = Cette session-ci
sessions-end = Mettre fin
sessions-end-of = Mettre fin à la session ouverte depuis { $since }
sessions-end-others = Mettre fin à toutes les autres sessions
sessions-ended = La session a pris fin.
sessions-others-ended = Toutes les autres sessions ont pris fin.
sessions-see = Voir vos sessions
scope-read = consulter les cas et les documents
scope-submit = envoyer des documents et des formulaires
scope-delegate = gérer les personnes déléguées
scope-registry = faire le travail du greffe
scope-help-desk = faire le travail du service de dépannage
scope-cms = alimenter les cas

## Les inscriptions, côté greffe
registrations = Inscriptions
registrations-open = Ouvrir une inscription
registrations-show = Afficher
registrations-all = Toutes
registrations-only-open = Encore ouvertes
registrations-only-done = Terminées
registrations-none = Il n’y a aucune inscription ici.
registrations-done = Inscription faite le { $at }
registrations-apply = Afficher
registrations-email = Adresse de courriel
registrations-email-hint = Entière. Elle trouve aussi les personnes déléguées, qu’un conseil a invitées.
registrations-reset = Aucune connexion n’ouvre le compte, et aucun code d’accès n’est en route
registrations-no-code = Pas encore de code d’accès
registrations-code-expired = Le code d’accès est échu
registrations-code-until = Code d’accès émis ; valide jusqu’au { $at }
registration-order = Ordre
registration-order-choose = Choisissez un ordre
registration-number = Numéro de membre
registration-opened = Ouverture
registration-progress = Progression
registration-form-what = Entrez ce que dit le formulaire du conseil. Le portail vérifie l’appartenance dans le tableau de l’ordre.
registration-given-name = Prénom
registration-family-name = Nom de famille
registration-cell = Numéro de cellulaire
registration-cell-hint = Le code d’accès y est envoyé par message texte.
registration-language = Langue
registration-document = Document d’identité présenté
registration-document-hint = Son genre seulement, par exemple passeport. Aucune copie n’est conservée.
registration-identity = Vérification d’identité
registration-checked = { $kind }, le { $at }
registration-standing = Situation
registration-standing-good = Membre en règle
registration-standing-lost = N’est pas membre en règle
registration-no-cell = Aucun
registration-record-cell = Inscrire le numéro de cellulaire
registration-record-cell-what = Aucune connexion n’ouvre ce compte. Si la personne a un autre numéro, ou s’il n’y en a aucun ici, vérifiez son identité comme pour une inscription, puis inscrivez le numéro auquel le code d’accès sera envoyé. La personne en est avisée par courriel, et les codes envoyés auparavant sont annulés.
registration-cell-recorded = Le numéro est inscrit, et la personne en est avisée par courriel. Envoyez maintenant un code d’accès.
registration-code = Code d’accès
registration-code-no-cell = Inscrivez d’abord un numéro de cellulaire.
registration-code-what = Un nouveau code annule le précédent. Il est envoyé au numéro de cellulaire, et personne ici ne peut le voir.
registration-issue = Envoyer un code d’accès
registration-void = Annuler le code
registration-sent = Le code d’accès est en route.
registration-sent-before = Le code d’accès n’a été délivré qu’une fois : appuyer deux fois n’en a pas envoyé un second. Si aucun message texte n’arrive, envoyez un autre code.
registration-not-sent = Le message texte n’a pas pu être remis. Réessayez dans quelques minutes ; le code qui n’est pas parti sera alors annulé.

## Le service de dépannage
help-desk-console = Dépannage
help-desk-what = Trouvez une personne bloquée par le code de verrouillage qu’elle lit, ou un compte par son adresse de courriel entière.
help-desk-search = Code de verrouillage ou adresse de courriel
help-desk-search-hint = Par exemple ABCD-EFG, en majuscules ou non, avec ou sans trait d’union
help-desk-found = { $count ->
    [0] Personne n’a été trouvé.
    [one] Une personne a été trouvée.
   *[other] { $count } personnes ont été trouvées.
}
help-desk-no-account = Connexion sans compte
help-desk-blocked = Blocage depuis le { $at } : { $cause }
help-desk-not-blocked = Pas de blocage
help-desk-wrong-codes = trop de codes d’accès erronés
help-desk-wrong-answers = trop de réponses erronées
help-desk-by-staff = par le personnel
help-desk-sign-ins = Connexions
help-desk-sign-ins-count = { $count ->
    [0] Aucune connexion n’ouvre ce compte.
    [one] Une connexion ouvre ce compte.
   *[other] { $count } connexions ouvrent ce compte.
}
help-desk-block = Bloquer
help-desk-block-sure = Bloquer { $name } ?
help-desk-block-what = Personne ne fait plus rien avec ce compte jusqu’à ce que le blocage soit levé : ni par une session, ni par un jeton d’API, ni à titre de personne déléguée de cette personne. Elle en est avisée par courriel et voit un code de verrouillage. Si le compte est entre de mauvaises mains, réinitialisez ensuite la connexion.
help-desk-block-yes = Bloquer le compte
help-desk-block-done = Le compte est bloqué, à compter de la prochaine requête.
help-desk-unblock = Débloquer
help-desk-unblocked = Le blocage est levé. La personne peut continuer tout de suite.
help-desk-reset = Réinitialiser la connexion
help-desk-reset-hint = Toutes les sessions prennent fin aussitôt. Le greffe envoie ensuite un nouveau code d’accès. Les jetons d’API restent valables ; si le compte est peut-être entre de mauvaises mains, bloquez-le d’abord.
help-desk-reset-sure = Réinitialiser la connexion de { $name } ?
help-desk-reset-what = Cela ne peut pas être défait. Toutes les sessions prennent fin aussitôt, et cette personne ne se connecte plus avant que le greffe lui ait envoyé un nouveau code d’accès.
help-desk-reset-yes = Réinitialiser
help-desk-reset-done = La connexion est réinitialisée, et toutes les sessions ont pris fin. Le greffe trouve le compte par son adresse de courriel et envoie un nouveau code d’accès ; il demande une pièce d’identité si le numéro de cellulaire manque ou a changé.
help-desk-audit = Ce que ce compte a fait, et ce qu’on lui a fait
help-desk-when = Quand
help-desk-action = Action
help-desk-who = Par
help-desk-refused = Refus
help-desk-oneself = le compte lui-même
actor-account = un autre compte
actor-sign-in = une connexion
actor-job = une tâche
actor-operator = l’exploitant

## Personnes déléguées
delegates = Personnes déléguées
delegates-invite = Ajouter une personne déléguée
delegates-none = Personne n’a accès aux dossiers de vos clients pour le moment, sauf vous.
delegates-what = Qui a accès aux dossiers de vos clients en ce moment, et jusqu’à quand.
delegates-places = { $left ->
    [0] Les { NUMBER($places) } places sont prises. Les invitations en attente et les délégations encore renouvelables occupent une place.
    [one] Il reste une place sur { NUMBER($places) }.
   *[other] Il reste { $left } places sur { NUMBER($places) }.
}
delegates-sees = Voit vos cas
delegates-blocked = Accès bloqué
delegates-blocked-what = N’a pas accès en ce moment. Seule la personne déléguée peut y remédier, en appelant le service de dépannage.
delegates-invited-until = Invitation ouverte jusqu’au { $at }
delegates-access-until = Accès jusqu’au { $at } ({ $days ->
    [one] { $days } jour restant
   *[other] { $days } jours restants
})
delegates-expired-until = L’accès a pris fin le { $at }. Vous pouvez renouveler jusqu’au { $renewable }.
delegates-renew = Renouveler
delegates-renew-of = Renouveler la délégation : { $name }
delegates-end = Supprimer
delegates-withdraw = Retirer
delegates-withdraw-of = Retirer l’invitation : { $name }
delegates-end-of = Supprimer la délégation : { $name }
delegates-end-sure = Supprimer la délégation : { $name } ?
delegates-end-what = L’accès disparaît aussitôt. Pour le redonner, il faudrait inviter la personne de nouveau.
delegates-end-yes = Oui, la supprimer
delegates-withdraw-sure = Retirer l’invitation : { $name } ?
delegates-withdraw-what = Elle ne pourra plus être acceptée. Vous pourrez en envoyer une autre.
delegates-withdraw-yes = Oui, la retirer
delegates-withdrawn = L’invitation est retirée. Vous en êtes avisés tous les deux par courriel.
delegates-invited = L’invitation est en route par courriel. Communiquez vous-même les réponses à la personne, et non par courriel.
delegates-renewed = La délégation est renouvelée, et la personne en est avisée par courriel.
delegates-ended = La délégation a pris fin. Vous en êtes avisés tous les deux par courriel.
delegation-invited = Invitation
delegation-active = Active
delegation-renewal-due = À renouveler
delegation-expired = Échue
invite-what = La personne reçoit un courriel sans lien, se connecte et répond à vos questions. Elle peut ensuite agir pour vous.
invite-step-one = Étape 1 de 2 : la personne que vous invitez. Vous vérifiez tout avant l’envoi.
invite-step-two = Étape 2 de 2 : vérifier et accepter les conditions. Rien n’a encore été envoyé.
invite-review = Vérifier et envoyer l’invitation
invite-change = Modifier
invite-email-hint = L’adresse dont répond son service de connexion, ou celle de son compte.
invite-questions = Questions secrètes
invite-questions-hint = Des questions dont vous êtes seuls à connaître les réponses. Dans les réponses, majuscules, accents et espaces n’importent pas.
invite-question-number = Question { NUMBER($number) }
invite-question = Question
invite-answer = Réponse
invite-terms = Conditions de la délégation
invite-terms-sees = La personne déléguée voit tous vos cas et leur boîte de réception, et envoie des documents et des formulaires en votre nom.
invite-terms-responsible = Vous demeurez responsable de ce qu’elle fait. Vous voyez ce qui a été lu et envoyé.
invite-terms-days = { $days ->
    [one] La délégation dure un jour.
   *[other] La délégation dure { $days } jours.
} Vous pouvez la renouveler.
invite-terms-end = Mettez fin à la délégation dès que la personne quitte votre cabinet ou n’a plus besoin d’accès.
invite-terms-accept = J’accepte ces conditions.
invite-send = Envoyer l’invitation
invitations = Invitations
invitations-number = Numéro d’invitation
invitations-number-hint = Il se trouve dans le courriel qui vous invite, par exemple ABCD-EFGH-JK.
invitations-number-what = Votre invitation ne paraît pas ? Certains services de connexion ne nous communiquent pas votre adresse de courriel.
invitations-find = Trouver mon invitation
invitations-none = Aucune invitation ne vous est ouverte. Les invitations se trouvent par l’adresse de courriel de votre compte ou de votre service de connexion ; elles deviennent caduques si personne n’y répond.
invitations-what = { $days ->
    [one] Un conseil vous invite à devenir sa personne déléguée pour un jour.
   *[other] Un conseil vous invite à devenir sa personne déléguée pour { $days } jours.
} Pour accepter, répondez aux questions dont le conseil vous a communiqué les réponses.
invitations-accepted = Vous avez accepté l’invitation : vous avez désormais accès aux dossiers de ce conseil.
invitations-waiting = { $count ->
    [one] { $count } invitation à être personne déléguée attend votre réponse.
   *[other] { $count } invitations à être personne déléguée attendent votre réponse.
}
invitations-lapses = Ouverte jusqu’au { $at }
invitations-answer-hint = Majuscules, accents et espaces n’importent pas.
invitations-accept = Accepter l’invitation
invitations-wrong = { $tries ->
    [one] Une réponse est erronée. Il vous reste un essai avant que votre accès soit bloqué ou que l’invitation soit fermée.
   *[other] Une réponse est erronée. Il vous reste { $tries } essais avant que votre accès soit bloqué ou que l’invitation soit fermée.
}
register-no-code-delegate = Personnes déléguées : il ne vous faut aucun code ; répondez à votre invitation.
