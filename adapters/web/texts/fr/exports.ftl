# Mes dossiers, à emporter.

cases-hearing-from = Audience à partir du
cases-hearing-to = Audience jusqu’au

export-heading = Emporter cette liste
export-what = Les deux contiennent tous les cas que trouve cette recherche, sur toutes ses pages.
export-table = Télécharger la liste (CSV, pour tableurs)
export-hearings = Télécharger les audiences pour un agenda
export-details = Mettre les parties et les numéros de dossier dans les titres
export-details-hint = Les procédures sont confidentielles en vertu de la loi, et d’autres peuvent voir votre agenda. Sans cela, un titre ne dit que le genre d’événement.
export-calendar = Mon dossier – audiences
export-title = { $kind } – { $number } – { $parties }
export-cases-name = mes-dossiers
export-hearings-name = audiences
export-hearing-time = Heure de l’audience
export-hearing-zone = Fuseau horaire
export-hearing-kind = Genre d’audience
export-hearing-place = Lieu
export-decided-on = Décision définitive
export-last-day = Dernier jour dans le portail
export-day = Jour
export-time = Heure
export-activity-name = activite
