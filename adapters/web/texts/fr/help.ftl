# L’aide que tout le monde peut lire, et les liens vers elle au pied des pages.

help-and-privacy = Aide et confidentialité
help-title = Aide
help-for-this-page = Aide pour cette page :
date-modified = Date de modification :
session-ends = Par sécurité, vous êtes déconnecté { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
    } après votre dernière page. Ouvrir ou envoyer une page remet ce temps à zéro, jusqu’à { $hours ->
    [one] { $hours } heure
   *[other] { $hours } heures
    } après votre connexion.
help-what = Comment se servir du portail de ce tribunal : { $tribunal }.
help-on-page = Sur cette page

help-desk-title = Appeler le service de dépannage
help-desk-for = Pour les questions techniques sur le portail seulement. Le service de dépannage ne peut pas répondre aux questions sur un cas.
help-desk-call-when = Appelez dans les situations suivantes :
help-desk-blocked-person = Votre accès est bloqué. Notez le code de verrouillage affiché et lisez-le au téléphone.
help-desk-other-service = Vous voulez vous connecter avec un autre compte de votre service de connexion, ou avec un autre service. Le service de dépannage réinitialise votre connexion.
help-desk-case-missing = Un cas actif ne s’affiche pas, ou ses renseignements sont inexacts.

help-register = S’inscrire
help-register-who = Les membres en règle de ces ordres peuvent s’inscrire à titre de conseils :
help-register-others = Si vous n’êtes pas un représentant autorisé, vous ne pouvez pas vous inscrire. Une personne déléguée ne s’inscrit pas d’elle-même : un conseil l’invite.
help-register-ask = Demandez au greffe de vous inscrire. Il vous envoie le formulaire du conseil et vérifie votre identité. Donnez vos coordonnées actuelles et votre numéro de téléphone cellulaire.
help-register-code = Vous recevez un code d’accès par message texte à ce numéro. Il est valide { $hours ->
    [one] { $hours } heure
   *[other] { $hours } heures
    } et ne sert qu’une fois.
help-register-enter = Connectez-vous à partir de la page d’accueil de ce portail avec le service de connexion de votre choix, entrez le code et acceptez l’énoncé de confidentialité.
help-register-once = Vous vous inscrivez une seule fois. Les nouveaux cas ne demandent aucune nouvelle inscription.
help-register-secret = Ne divulguez à personne votre code d’accès ni vos renseignements personnels.

help-sign-in = Services de connexion
help-sign-in-what = Le portail n’a pas de mot de passe à lui. Un service de connexion lui dit qui vous êtes, et rien d’autre de votre compte chez lui.
help-sign-in-here = Connectez-vous toujours à partir de la page d’accueil de ce portail. D’autres sites ont des pages de connexion semblables qui ne mènent pas ici.
help-sign-in-lost = Si vous avez perdu l’identifiant ou le mot de passe avec lequel vous vous connectez, récupérez-le auprès de votre service de connexion. Ni le service de dépannage ni le tribunal ne les ont.

help-notices = Reconnaître un véritable avis
help-notices-true = Quelqu’un peut vous envoyer un faux avis pour voler votre mot de passe (hameçonnage). Dans un véritable avis du portail :
help-notices-no-link = Il n’y a ni lien à cliquer ni pièce jointe.
help-notices-no-reply = Il est impossible de répondre à l’expéditeur.
help-notices-standard = L’objet et le texte sont toujours les mêmes, en français et en anglais.
help-notices-no-case = Il n’y a ni nom d’une partie, ni numéro de dossier, ni titre de document.
help-notices-otherwise = Si un courriel est différent, ne cliquez pas et ne répondez pas. Tapez vous-même l’adresse du portail : ce qui est nouveau est dans votre boîte de réception.

help-documents = Un document ne s’ouvre pas
help-documents-what = Si vous ne pouvez pas lire un document téléchargé, ou s’il s’ouvre comme une page Web pleine de signes :
help-documents-find = Repérez le fichier dans votre ordinateur, souvent dans le dossier Téléchargements.
help-documents-open-with = Cliquez à droite sur le fichier et ouvrez-le dans un logiciel de lecture de fichiers PDF.
help-documents-rename = Si son nom finit par « .pdf.html », supprimez « .html » et appuyez sur Entrée.
help-documents-again = Ouvrez le fichier de nouveau. Il devrait s’ouvrir dans votre logiciel de lecture de fichiers PDF.

help-cases = Un cas ne s’affiche pas
help-cases-decided = Un cas quitte le portail { $days ->
    [one] { $days } jour
   *[other] { $days } jours
    } après la date de sa décision définitive.
help-cases-otherwise = Si un cas actif ne s’affiche pas, si ses renseignements sont inexacts, ou si votre client a reçu un document que vous auriez dû recevoir aussi, appelez le service de dépannage.

help-details = Vos coordonnées changent
help-details-what = Informez-en le tribunal sans tarder.
help-details-open = Connectez-vous et ouvrez Mon profil dans le menu.
help-details-submit = Cliquez sur Modifier mes coordonnées, corrigez ce qui n’est plus exact, puis cliquez sur Soumettre.
help-details-wait = Prévoyez { $hours ->
    [one] { $hours } heure
   *[other] { $hours } heures
    }, puis vérifiez dans votre profil que le changement a été fait.

help-sending = Communiquer un document
help-sending-how = Dans Mes dossiers, ouvrez le cas et cliquez sur Communiquer un document. Aucune copie papier n’est nécessaire, mais on pourra vous demander l’original plus tard ou à l’audience.
help-sending-number = Le numéro de confirmation s’affiche sur la page, et vous le recevez par courriel. Sans numéro de confirmation, le tribunal n’a pas votre document.
help-sending-history = L’historique des communications du cas énumère ce qui a été envoyé. Il ne permet pas de récupérer le document, alors gardez-en une copie.

help-delegates = Personnes déléguées
help-delegates-counsel = À titre de conseil, vous êtes responsable de vos personnes déléguées. Renouvelez chaque délégation quand le portail vous le rappelle, et mettez-y fin dès que la personne ne travaille plus pour vous.
help-delegates-invited = La personne déléguée reçoit une invitation par courriel, se connecte et répond aux questions secrètes. Une invitation devient caduque après { $days ->
    [one] { $days } jour
   *[other] { $days } jours
    }.
help-delegates-may = La personne déléguée voit les cas et la boîte de réception du conseil et envoie des documents. Elle ne peut pas supprimer d’éléments de la boîte de réception, modifier le profil ni déléguer. Le conseil voit ce qu’elle a lu et envoyé.
