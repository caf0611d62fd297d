# Text messages. No link, no name (MAIL-1).

access-code = My Case: your access code is { $code }. It works once, within { $hours ->
    [one] one hour
   *[other] { $hours } hours
}. Nobody from the tribunal will ask you for it.
