# Ce qui est nouveau et ce qui est à faire.

today-title = En un coup d’œil
today-unread = { $count ->
    [0] Aucun document non lu.
    [one] { $count } document non lu.
   *[other] { $count } documents non lus.
}
today-hearings = Prochaines audiences
today-renewals = Délégations à renouveler
today-renewal = { $name } : l’accès prend fin le { $until } si vous ne renouvelez pas avant.
today-expired = { $name } : l’accès a pris fin le { $ended }. Vous pouvez renouveler jusqu’au { $until }.
today-change-waits = La modification de vos coordonnées attend le tribunal, au plus tard jusqu’au { $due }.
today-change-late = La modification de vos coordonnées attend le tribunal, qui devait répondre le { $due } ; vous pouvez encore retirer la demande.
today-to-acknowledge = à prendre en charge
today-to-decide = { $overdue ->
    [0] à décider, aucune en retard
    [one] à décider, dont { $overdue } en retard
   *[other] à décider, dont { $overdue } en retard
}
today-to-reach = { $count ->
    [one] personne à joindre autrement
   *[other] personnes à joindre autrement
}
