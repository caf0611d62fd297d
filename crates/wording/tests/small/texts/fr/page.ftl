-service = Mon dossier

title = { -service } – Tribunal
question = Mettre fin à la délégation ?
delegation-ends-on = La délégation de { $name } prend fin le { $date }.
places-left =
    { $places ->
        [0] Il ne reste aucune place.
        [one] Il reste { $places } place.
       *[other] Il reste { $places } places.
    }
new = Nouveau
