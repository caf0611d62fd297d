# Files that come in piece by piece, and the session that does not end meanwhile.

upload-list = Files added
upload-drop = You can also drop files here. Each is sent and checked at once; if the connection is lost, sending goes on from where it was.
upload-progress = Progress of { $file }
upload-waiting = Waiting
upload-sending = { $percent }% sent
upload-ready = Received whole and checked
upload-paused = Paused at { $percent }%
upload-retrying = Connection lost at { $percent }%. What arrived is kept, and sending goes on by itself.
upload-put-off = The portal cannot take this file at present. What arrived is kept, and sending goes on by itself. If a deadline is close, call the help desk.
upload-again = Interrupted at { $percent }%. Choose the same file again to resume.
upload-again-first = Interrupted at { $percent }%, and not received whole. Choose the same file again, or remove it, before you go on.
upload-refused-first = { $file }: { $state } Remove this file from the list before you go on.
upload-signed-out = Paused at { $percent }%: your session has ended. Sign in again in another tab, then resume.
upload-before = Added before, not sent yet
upload-cancelled = removed
upload-failed = This file could not be sent. Remove it and try again.
upload-pause = Pause
upload-resume = Resume
upload-cancel = Remove
upload-pause-file = Pause { $file }
upload-resume-file = Resume { $file }
upload-cancel-file = Remove { $file }
upload-told = { $file }: { $state }
upload-first = The files arrive whole first; the next step follows by itself.

session-heading = Your session ends soon
session-in-minutes = It ends in { $minutes } minutes.
session-in-one-minute = It ends in less than a minute.
session-for-good = It can no longer be extended: save what you entered.
session-over = It has ended. Sign in in another tab, then come back here.
session-stay = Extend the session
session-extended = The session is extended.
session-later = Close
