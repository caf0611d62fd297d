# The demonstration's own pages.

demo-people-heading = Sign in as somebody
demo-people-hint = These people are invented. What each may see differs.
demo-mailbox-heading = Caught e-mails
demo-mailbox-none = No e-mail has been caught yet. Submit a document, and one appears within a second.
demo-texts-heading = Caught text messages
demo-texts-none = No text message has been caught yet.
demo-message-to = To
demo-message-sent = Sent
demo-clock-heading = The demonstration’s clock
demo-clock-now = It is now { $at }.
demo-clock-hint = The clock moves forward only. After each move the jobs run, so that reminders go out as they would have.
demo-clock-advance = Move forward by
demo-clock-advance-hint = Such as 50d, 3h or 10m
demo-clock-move = Move
demo-clock-day = One day
demo-clock-ten-days = Ten days
demo-clock-fifty-days = Fifty days
