# What is new and what is due.

today-title = At a glance
today-unread = { $count ->
    [0] No unread document.
    [one] { $count } unread document.
   *[other] { $count } unread documents.
}
today-hearings = Next hearings
today-renewals = Delegations to renew
today-renewal = { $name }: access ends on { $until } unless you renew before.
today-expired = { $name }: access ended on { $ended }. You can renew until { $until }.
today-change-waits = The change of your details waits for the tribunal, until { $due } at the latest.
today-change-late = The change of your details waits for the tribunal, which was to decide by { $due }; you can still withdraw the request.
today-to-acknowledge = to take over
today-to-decide = { $overdue ->
    [0] to decide, none overdue
    [one] to decide, { $overdue } overdue
   *[other] to decide, { $overdue } overdue
}
today-to-reach = { $count ->
    [one] person to reach otherwise
   *[other] people to reach otherwise
}
