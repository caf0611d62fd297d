# The words of inboxes, supervision, joined submissions and the registry's console.

## Inbox
inbox = Inbox
inbox-with-unread = Inbox ({ NUMBER($unread) } new)
inbox-of-case = Inbox of case { $number }
inbox-what = Documents that the tribunal sent you on all your cases. Each is in the inbox of its case too.
inbox-of-case-what = Everything that the tribunal sent on this case.
inbox-to-general = See the general inbox
inbox-show = Show
inbox-everything = Everything
inbox-only-unread = Only what I have not read
inbox-sort-newest = Newest first
inbox-sort-oldest = Oldest first
inbox-sort-title = Title
inbox-apply = Show
inbox-count = { $total ->
    [0] No document.
    [one] One document
   *[other] { $total } documents
}{ $unread ->
    [0] {""}
    [one] , one not read by you
   *[other] , { $unread } not read by you
}
inbox-document = Document
inbox-available = Available since
inbox-read = Read
inbox-new = New
inbox-read-by = { $name }, { $at }
inbox-read-by-nobody = Not yet
inbox-file = { $kind }, { $size }
inbox-delete = Delete
inbox-delete-of = Delete { $title }
inbox-delete-sure = Delete “{ $title }” from the general inbox?
inbox-delete-what = It goes from your delegates’ general inbox too. It stays in the inbox of its case.
inbox-delete-yes = Delete
inbox-deleted = The document was deleted from the general inbox. It is still in the inbox of its case.
case-inbox = Inbox
case-inbox-none = The tribunal has not sent anything on this case yet.

## Supervision
activity = Activity
activity-what = Who read and who sent what for you, you and your delegates, the newest first.
activity-person = Person
activity-everybody = Everybody
activity-deed = What
activity-everything = Everything
activity-from = From
activity-to = To
activity-when = When
activity-subject = About
activity-none = Nothing to show.
activity-on-case = Only case { $number }.
activity-on-all = Show all cases
activity-case-lost = not shown: this is no longer your case
activity-only-case = only this case
activity-export = Download as a table (CSV)
activity-sent = Sent
activity-read = Read
activity-deleted = Deleted from the inbox

## Several cases at once
also-on = Other cases
also-on-what = The same documents can go to the tribunal on other cases of this counsel, for instance those of a family. Each case gets its own confirmation number.
also-on-group = Cases of the same group
also-on-numbers = Other file numbers
also-on-hint = Separate several numbers by spaces.
also-on-entry = Also submitted on

## The registry
registry-submissions = Submissions
registry-submissions-none = No submission here.
registry-submissions-no-such = No submission with the number { $number } is held here. Have the number read out once more.
registry-not-taken-over = Not taken over yet
registry-taken-over = Taken over
registry-all = All
registry-files = { $files ->
    [one] one file
   *[other] { $files } files
}
registry-take-over = Take over
registry-list-of-documents = List of documents
registry-cases = Cases
registry-cases-what = Find a case by its file number, to send a document to its counsel or to see who read what was sent.
registry-cases-find = Find
registry-counsel = Counsel of record
registry-no-counsel = None: there is nobody to whom a document could be sent.
registry-send = Send a document to counsel
registry-title = Title
registry-title-hint = Counsel sees it in the inbox. The e-mail that tells of it says neither title nor file number.
registry-also-on = Other cases that get it too
registry-file-hint = { $types }. At most { $size }.
registry-send-button = Send to counsel
registry-sent = The document is in counsel’s inbox. Counsel and the delegates are told by e-mail.
registry-sent-documents = Documents sent
registry-sent-none = Nothing was sent on this case yet.

## Retention
hold = Legal hold
hold-what = Without a legal hold, the case and its documents are deleted once their retention period is over.
hold-stands = Nothing of this case is deleted since { $since }, whatever its retention period.
hold-reason = Reason
hold-reason-hint = For example the number of a judicial review or of an access request. Only the registry sees it.
hold-set = Put under a legal hold
hold-lift = Lift the legal hold
