# Messages texte. Pas de lien, pas de nom (MAIL-1).

access-code = Mon dossier : votre code d’accès est { $code }. Il sert une seule fois, dans un délai de { $hours ->
    [one] une heure
   *[other] { $hours } heures
}. Personne du tribunal ne vous le demandera.
