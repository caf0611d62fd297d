# Les mots des boîtes de réception, de la supervision, des envois pour plusieurs cas et de la console du greffe.

## Boîte de réception
inbox = Boîte de réception
inbox-with-unread = Boîte de réception ({ NUMBER($unread) ->
    [one] { NUMBER($unread) } nouveau
   *[other] { NUMBER($unread) } nouveaux
})
inbox-of-case = Boîte de réception du cas { $number }
inbox-what = Les documents que le tribunal vous a envoyés, tous cas réunis. Chacun est aussi dans la boîte de réception de son cas.
inbox-of-case-what = Tout ce que le tribunal a envoyé pour ce cas.
inbox-to-general = Voir la boîte de réception générale
inbox-show = Afficher
inbox-everything = Tout
inbox-only-unread = Seulement ce que je n’ai pas lu
inbox-sort-newest = Du plus récent au plus ancien
inbox-sort-oldest = Du plus ancien au plus récent
inbox-sort-title = Titre
inbox-apply = Afficher
inbox-count = { $total ->
    [0] Aucun document.
    [one] Un document
   *[other] { $total } documents
}{ $unread ->
    [0] {""}
    [one] , dont un que vous n’avez pas lu
   *[other] , dont { $unread } que vous n’avez pas lus
}
inbox-document = Document
inbox-available = Disponible depuis
inbox-read = Lecture
inbox-new = Nouveau
inbox-read-by = { $name }, { $at }
inbox-read-by-nobody = Pas encore
inbox-file = { $kind }, { $size }
inbox-delete = Supprimer
inbox-delete-of = Supprimer { $title }
inbox-delete-sure = Supprimer « { $title } » de la boîte de réception générale ?
inbox-delete-what = Le document disparaît aussi de la boîte de réception générale de vos personnes déléguées. Il reste dans celle de son cas.
inbox-delete-yes = Supprimer
inbox-deleted = Le document a été supprimé de la boîte de réception générale. Il reste dans celle de son cas.
case-inbox = Boîte de réception
case-inbox-none = Le tribunal n’a encore rien envoyé pour ce cas.

## Supervision
activity = Activité
activity-what = Qui a lu et qui a envoyé quoi pour vous, vous et vos personnes déléguées, du plus récent au plus ancien.
activity-person = Personne
activity-everybody = Tout le monde
activity-deed = Quoi
activity-everything = Tout
activity-from = Du
activity-to = Au
activity-when = Quand
activity-subject = Objet
activity-none = Rien à afficher.
activity-on-case = Seulement le cas { $number }.
activity-on-all = Afficher tous les cas
activity-case-lost = non affiché : ce cas n’est plus le vôtre
activity-only-case = ce cas seulement
activity-export = Télécharger sous forme de tableau (CSV)
activity-sent = Envoi
activity-read = Lecture
activity-deleted = Suppression de la boîte de réception

## Plusieurs cas à la fois
also-on = Autres cas
also-on-what = Les mêmes documents peuvent être envoyés au tribunal pour d’autres cas de ce conseil, par exemple ceux d’une famille. Chaque cas reçoit son propre numéro de confirmation.
also-on-group = Cas du même groupe
also-on-numbers = Autres numéros de dossier
also-on-hint = Séparez les numéros par des espaces.
also-on-entry = Envoyé aussi pour

## Le greffe
registry-submissions = Communications
registry-submissions-none = Aucune communication ici.
registry-submissions-no-such = Aucune communication portant le numéro { $number } n’est conservée ici. Faites lire le numéro encore une fois.
registry-not-taken-over = À prendre en charge
registry-taken-over = Prises en charge
registry-all = Toutes
registry-files = { $files ->
    [one] un fichier
   *[other] { $files } fichiers
}
registry-take-over = Prendre en charge
registry-list-of-documents = Liste des documents
registry-cases = Cas
registry-cases-what = Trouvez un cas par son numéro de dossier, pour envoyer un document à son conseil ou pour voir qui a lu ce qui a été envoyé.
registry-cases-find = Trouver
registry-counsel = Conseil inscrit au dossier
registry-no-counsel = Aucun : il n’y a personne à qui envoyer un document.
registry-send = Envoyer un document au conseil
registry-title = Titre
registry-title-hint = Le conseil le voit dans sa boîte de réception. Le courriel qui l’annonce ne dit ni le titre ni le numéro de dossier.
registry-also-on = Autres cas qui le reçoivent aussi
registry-file-hint = { $types }. Au plus { $size }.
registry-send-button = Envoyer au conseil
registry-sent = Le document est dans la boîte de réception du conseil. Le conseil et ses personnes déléguées en sont avertis par courriel.
registry-sent-documents = Documents envoyés
registry-sent-none = Rien n’a encore été envoyé pour ce cas.

## Conservation
hold = Ordre de conservation
hold-what = Sans ordre de conservation, le cas et ses documents sont supprimés une fois leur délai de conservation échu.
hold-stands = Rien de ce cas n’est supprimé depuis le { $since }, quel que soit le délai de conservation.
hold-reason = Motif
hold-reason-hint = Par exemple le numéro d’un contrôle judiciaire ou d’une demande d’accès. Le greffe seul le voit.
hold-set = Ordonner la conservation
hold-lift = Lever l’ordre de conservation
