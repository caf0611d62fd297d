-service = My Case

# Of every page.
title = { -service } – Tribunal
question = End the delegation?
delegation-ends-on = The delegation of { $name } ends on { $date }.
places-left =
    { $places ->
        [0] No place is left.
        [one] One place is left.
       *[other] { $places } places are left.
    }
new = New
