# What the case management system is told of a case that it sent.

problem-case-unreadable = This is not one case object in JSON. Look up its form in the API documentation.
problem-case-refused = Some fields of the case cannot be used, so nothing of it was taken. Put right those named in “errors” and send it again.

fault-missing = It is missing; it is needed.
fault-not-text = Send a text between quotation marks.
fault-not-a-list = Send a list between square brackets.
fault-not-an-object = Send an object between braces.
fault-file-number = A file number is 1 to 32 letters, digits and hyphens.
fault-another-file = It is not the file number in the address. Make them the same, or leave it out.
fault-code = A code is 1 to 64 letters, digits, hyphens, underscores or full stops.
fault-unknown-division = This tribunal has no such division. Send one that it has, or have it configured.
fault-unknown-region = This tribunal has no such region. Send one that it has, or have it configured.
fault-client-id = A client ID (UCI) has 8 or 10 digits.
fault-date = Send a day such as 2026-11-23, between 1900 and 2199.
fault-instant = Send an instant with its offset, such as 2026-11-23T09:30:00-05:00, between 1900 and 2199.
fault-account-id = Send the id of an account, or null.
fault-unknown-counsel = There is no such account. Register the counsel first, or send null.
fault-not-counsel = This account is not a counsel’s. Send a counsel’s, or null.
fault-period-over = It is so long ago that the case’s retention period is over. Leave this case out.
fault-too-long = It is longer than can be kept.
fault-control-characters = It holds control characters. Take them out.
fault-too-many = It has more entries than can be kept.
