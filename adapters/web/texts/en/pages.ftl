# The pages' words.

## Every page
portal = My Case
skip-to-content = Skip to main content
menu = Menu
my-cases = My Cases
my-counsels = My Counsels
sign-out = Sign out
sign-out-everywhere = Sign out everywhere
sign-out-everywhere-hint = Ends every session of yours, this one too.
signed-out = You are signed out
signed-out-service = You may still be signed in with your sign-in service. On a computer that others use, end that session too.
signed-out-everywhere = Sign out of the sign-in service
acting-for = You act for { $counsel }.
names-and = { $first } and { $last }
choose-another-counsel = Choose another counsel
help-desk = Help desk:
true-notices = Our e-mails never contain a link or an attachment. To use My Case, type its address yourself.
demonstration-notice = Demonstration: people and cases are invented, and nothing is sent.
demonstration-mailbox = Mailbox
demonstration-text-messages = Text messages
demonstration-clock = Clock
demonstration-sign-in = Change person
breadcrumb = You are here
confidential-by-law = Proceedings may be private by law. Sign out when you leave this computer.

## Home
home-what = My Case lets counsel who represent people before the tribunal see their active cases, send documents and receive them, and delegate that work.
home-sign-in = Sign in
home-sign-in-with = Choose your sign-in service.
home-sign-in-demonstration = Choose who you want to be. In production, this is where the sign-in services are.
home-who = Who may use it
home-who-counsel = As counsel, members in good standing of these orders, once the registry has opened their registration:
home-who-delegate = People whom a counsel has invited as a delegate.
home-trouble = Trouble signing in?
home-trouble-call = Call the help desk. They cannot answer questions about a case.
home-no-service = No sign-in service is set up yet. Call the help desk.

## Roles
role-counsel = counsel
role-delegate = delegate
role-registry = registry officer
role-help-desk = help-desk agent
role-cms = case management system
role-none = no account

## Where no page is yet for somebody
account-heading = My Profile
account-for-machines = You are signed in. Your work is done through the API.
account-api-documentation = API documentation
account-no-counsel = No counsel’s cases are open to you now. If you expected some, ask the counsel: the delegation may have ended or not have been accepted yet.

## My Counsels
counsels-hint = Choose for whom you act. My Cases shows those of one counsel at a time.
counsels-access-until = Access until { $at }
counsels-oneself = Your own cases

## My Cases
cases-of = Counsel: { $counsel }
cases-search = Name or number
cases-search-hint = Part of a party’s name, a file number or a client ID (UCI)
cases-filter = Find a case
cases-any-division = All divisions
cases-any-status = All statuses
cases-apply = Search
cases-clear = Clear
cases-found = { $count ->
    [0] No case matches.
    [one] { $count } case
   *[other] { $count } cases
}
cases-none = There is no active case here.
cases-none-hint = A case shows here as soon as the tribunal has recorded you as its counsel, and leaves { $days ->
    [one] { $days } day
   *[other] { $days } days
    } after the date of its final decision. If one is missing, call the help desk.
cases-file-number = File number
cases-parties = Parties
cases-division = Division
cases-status = Status
cases-next-hearing = Next hearing
cases-sort = Sort by
cases-sort-file-number = File number
cases-sort-name = Name
cases-sort-division = Division
cases-sort-hearing-date = Next hearing
cases-table = My Cases, sorted
cases-leaves = In the portal until { $day }
pager = Pages of the list
pager-first = First page
pager-next = Next page

## A case
case-heading = Case { $number }
case-division = Division
case-region = Regional office
case-status = Status
case-principal = Principal file
case-principal-group = See the whole group
case-client-ids = Client IDs (UCI)
case-parties = Parties
case-retainer = Limits of the retainer
case-retainer-none = None recorded
case-events = Coming events
case-events-none = No event is scheduled.
case-decisions = Decisions
case-decisions-none = No decision is recorded.
case-decision-on = { $kind }, { $day }
case-final-decision = Final decision on { $day }. This case leaves the portal on { $leaves }.
case-history = Submission history
case-history-none = Nothing has been submitted on this case yet.
case-submit = Submit a document
case-about = About this case
case-none = –

## Submit a document
submit-heading = Submit a document
submit-on = On case { $number }
submit-steps = Step 1 of 2: choose. You check everything before it is sent.
submit-document-type = Type of document
submit-document-type-choose = Choose a type
submit-note = Note to the registry
submit-optional = optional
submit-note-hint = At most { NUMBER($most) } characters.
submit-service = Copy to the other party
submit-service-optional = If you gave the other party a copy, say how and when: the Minister, where they take part, or the other party to the appeal. If you did not, leave both empty.
submit-service-hint = Needed for: { $types }.
submit-service-how = How it was given
submit-service-on = When it was given
submit-files = Files
submit-files-hint = { $types }. At most { $files ->
    [one] one file
   *[other] { $files } files
} of { $size } each. Files with a password cannot be opened.
submit-continue = Continue
submit-cancel = Cancel
submit-errors = Something needs your attention
submit-errors-kept = The files listed below were good and are kept.
submit-sent-already = This was sent before, under { $number }, and can no longer be changed. What you added or changed since is not in it. It is kept here: check it, and send it as another submission.
submit-file-beyond = A submission takes at most { $limit } files. Send this one in another submission.
submit-too-many-files = There are too many files: a submission takes at most { $limit }. Remove { $surplus } of them, and send them in another submission.
submit-file-problem = { $file }: { $problem }

## Review
drafts-heading = Begun and not sent
drafts-what = You can go on with these submissions, or discard them. The tribunal has not received anything of them.
drafts-until = kept until { $at }
drafts-discard = Discard: { $what }, kept until { $at }
draft-type-undecided = Type of document not chosen yet
submission-sent-before = This was sent before you could discard it. The tribunal has received it.
review-heading = Review and send
review-steps = Step 2 of 2: check. Nothing has been sent to the tribunal yet.
review-files = Documents to send
review-files-none = There is no file yet. Add at least one.
review-file = File
review-title = Title
review-title-of = Title of { $file }
review-title-hint = Give each document the title that it is to have in the list of documents; without one, the file’s name stands there.
review-pages = Pages
review-size = Size
review-remove = Remove
review-remove-file = Remove { $file }
review-add = Add files
review-add-button = Add to the list
review-send = Send to the tribunal
review-discard = Discard
review-discard-sure = Discard this submission?
review-discard-what = The files and what you entered are deleted, and nothing is sent. This cannot be undone.
review-discard-yes = Discard the submission
review-discarded = The submission is discarded. Nothing of it was sent.
review-discard-hint = Removes the files. Nothing is sent.
review-details = Details
review-until = You have until { $at } to send this. After that it is removed.

## Confirmation and history
sent-heading = The tribunal has your documents
sent-number = Confirmation number
sent-number-spelled = Keep this number. It was also sent to you by e-mail.
history-heading = Submission history
history-hint = Entries of what was sent. The documents themselves are not served back.
history-none = Nothing has been submitted on this case yet.
submission-heading = Submission { $number }
submission-received = Received
submission-received-office = { $at } at the office that holds the file
submission-received-office-hint = By this time it is judged whether the documents came in time.
submission-received-tribunal = { $at } at the tribunal
submission-type = Type of document
submission-by = Sent by
submission-for = On behalf of
review-for = On behalf of { $counsel }
submission-note = Note
submission-service = Copy to the other party
submission-service-given = { $how }, { $day }
submission-files = Files
submission-sha256 = SHA-256
submission-acknowledged = Taken over by the registry on { $at }
submission-not-acknowledged = Not yet taken over by the registry
submission-back-to-case = Back to the case
submission-print = Keep or print this page as your receipt.

## Problems
problem-lock-code = Lock code
problem-help-desk = Help desk
problem-request-id = If you call the help desk, give them this number:
problem-home = Go to the home page

## Codes that the case management system sends
status-active = Active
status-decided = Decided
status-closed = Closed
event-hearing = Hearing
event-conference = Conference
decision-final = Final decision
decision-interim = Interim decision
party-claimant = Claimant
party-appellant = Appellant
party-person-concerned = Person concerned
party-respondent = Respondent
party-minister = Minister

## Dates, times and sizes
date = { $month } { $day }, { $year }
time = { $hour }:{ $minute }
instant = { $date }, { $time } ({ $zone })
size-bytes = { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}
size-kilobytes = { $size } kB
size-megabytes = { $size } MB
first-of-month = 1
decimal-mark = .
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
zone-est = EST
zone-edt = EDT
zone-cst = CST
zone-cdt = CDT
zone-mst = MST
zone-mdt = MDT
zone-pst = PST
zone-pdt = PDT
zone-ast = AST
zone-adt = ADT
zone-nst = NST
zone-ndt = NDT
zone-america-vancouver-mst = Vancouver time
zone-canada-pacific-mst = Vancouver time

## Submissions
review-added = The files were added to the list. Check them, then send.
submission-pages = { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
}

## Register
register = Register
register-done = You are registered: this sign-in opens your account from now on.
register-what = You are signed in, but this sign-in opens no account yet. Enter the access code that the registry sent to your cell phone.
register-what-delegate = You are a delegate. If the registry has registered you as counsel, enter the access code that it sent to your cell phone: this sign-in then opens your account as counsel, and your delegations go over to it. First send what you have begun: submissions and forms that you began, and API tokens, do not go over.
register-once = You register once, for good. New cases need no new registration.
register-code = Access code
register-code-hint = Eight characters, from the text message. It works once, within { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
    }.
register-wrong = { $tries ->
    [one] The access code is wrong. You have one try left before your access is blocked.
   *[other] The access code is wrong. You have { $tries } tries left before your access is blocked.
}
register-button = Register
register-no-code = No access code?
register-no-code-counsel = Counsel: the registry opens your registration and sends the code. Call the registry.
register-no-code-other-service = Registered before, or already a delegate? Sign out, and sign in with the service that you used then. If you lost it, call the help desk, who reset your sign-in; then ask the registry for an access code.
privacy-heading = Privacy statement
privacy-who = This portal is run by the tribunal ({ $tribunal }), which is responsible for the information in it.
privacy-what = The portal keeps what your work in it needs: your name, e-mail address, cell number and membership; which cases are yours; what you send, receive and read, and when.
privacy-why = It is used to let you and the people to whom you delegate do your work, and to prove afterwards what was done. It is not used for anything else.
privacy-how-long = A decided case is deleted, with everything that was sent on it, { $cases } after its last administrative use; a delegation that is over, { $delegations } after its end; an e-mail notice, { $notices } after its delivery; an account on which nothing depends any more, { $accounts } after its last use. What is under a legal hold is not deleted. The trace of who did what, when and from which network address remains, without names or contents.
period-years = { $years ->
    [one] one year
   *[other] { $years } years
}
period-days = { $days ->
    [one] one day
   *[other] { $days } days
}
privacy-rights = You can ask to see your information and to have it corrected, under the privacy law that applies to the tribunal. Call the help desk to be directed to the right place.
privacy-version = Version { $version }
privacy-accept = I have read the privacy statement and accept it.

## Account and tokens
account-name = Name
account-email = E-mail address
account-roles = Role
account-becomes-counsel = Has the registry registered you as counsel? Enter your access code:
tokens-heading = API tokens
tokens-what = A token lets your own software act for you through the API, within what you choose here and never more than you may do yourself.
tokens-none = You have no token.
tokens-made = This is the new token. Copy it now: it is shown this once.
tokens-make = Make a token
tokens-label = Name of the token
tokens-scopes = May be used to
tokens-expires = Expires
tokens-last-used = Last used
tokens-never = Never
tokens-over = Over
tokens-revoke = Revoke
tokens-revoke-label = Revoke { $token }
tokens-days = Works for so many days

## Sessions
sessions-heading = Your sessions
sessions-what = Each line is a browser in which you are signed in. The portal keeps nothing by which to know a browser or a device again, so go by the times. End a session that you do not recognize: nobody can use it from then on. If somebody else signed in, change your password with your sign-in service too.
sessions-since = Since
sessions-last-used = Last used
sessions-service = Sign-in service
sessions-service-unknown = Not known
sessions-this = This session
sessions-end = End
sessions-end-of = End the session since { $since }
sessions-end-others = End all other sessions
sessions-ended = The session has ended.
sessions-others-ended = All other sessions have ended.
sessions-see = See your sessions
scope-read = see cases and documents
scope-submit = submit documents and forms
scope-delegate = manage delegates
scope-registry = do the registry’s work
scope-help-desk = do the help desk’s work
scope-cms = feed cases

## The registry’s registrations
registrations = Registrations
registrations-open = Open a registration
registrations-show = Show
registrations-all = All
registrations-only-open = Still open
registrations-only-done = Completed
registrations-none = There is no registration here.
registrations-done = Registered on { $at }
registrations-apply = Show
registrations-email = E-mail address
registrations-email-hint = Whole. It finds delegates too, whom a counsel brought in.
registrations-reset = No sign-in opens the account, and no access code is on its way
registrations-no-code = No access code yet
registrations-code-expired = The access code has expired
registrations-code-until = Access code issued; valid until { $at }
registration-order = Order
registration-order-choose = Choose an order
registration-number = Membership number
registration-opened = Opened
registration-progress = Progress
registration-form-what = Enter what counsel’s form says. The portal checks the membership against the order’s roll.
registration-given-name = Given name
registration-family-name = Family name
registration-cell = Cell number
registration-cell-hint = The access code is sent there as a text message.
registration-language = Language
registration-document = Identity document shown
registration-document-hint = Only its kind, such as passport. No copy is kept.
registration-identity = Identity check
registration-checked = { $kind }, on { $at }
registration-standing = Standing
registration-standing-good = In good standing
registration-standing-lost = Not in good standing
registration-no-cell = None
registration-record-cell = Record the cell number
registration-record-cell-what = No sign-in opens this account. If the person has another number, or none is here, check their identity as for a registration, and record the number to which the access code goes. The person is told by e-mail, and codes that were sent before are void.
registration-cell-recorded = The number is recorded, and the person is told by e-mail. Now send an access code.
registration-code = Access code
registration-code-no-cell = Record a cell number first.
registration-code-what = A new code voids the one before. It is sent to the cell number, and nobody here can see it.
registration-issue = Send an access code
registration-void = Void the code
registration-sent = The access code is on its way.
registration-sent-before = The access code was issued once: pressing twice sent no second one. If no text message arrives, send another code.
registration-not-sent = The text message could not be handed over. Try again in a few minutes; the code that was not sent is void then.

## The help desk
help-desk-console = Help desk
help-desk-what = Find a blocked person by the lock code they read out, or an account by its whole e-mail address.
help-desk-search = Lock code or e-mail address
help-desk-search-hint = Such as ABCD-EFG, in any case, with or without the hyphen
help-desk-found = { $count ->
    [0] Nobody was found.
    [one] One was found.
   *[other] { $count } were found.
}
help-desk-no-account = Sign-in without account
help-desk-blocked = Blocked since { $at }: { $cause }
help-desk-not-blocked = Not blocked
help-desk-wrong-codes = too many wrong access codes
help-desk-wrong-answers = too many wrong answers
help-desk-by-staff = by staff
help-desk-sign-ins = Sign-ins
help-desk-sign-ins-count = { $count ->
    [0] No sign-in opens this account.
    [one] One sign-in opens this account.
   *[other] { $count } sign-ins open this account.
}
help-desk-block = Block
help-desk-block-sure = Block { $name }?
help-desk-block-what = Nobody does anything with this account until it is unblocked: not by a session, not by an API token, not as a delegate of this person. The person is told by e-mail, and is shown a lock code. If the account is in wrong hands, then reset the sign-in.
help-desk-block-yes = Block the account
help-desk-block-done = Blocked. It counts from the next request on.
help-desk-unblock = Unblock
help-desk-unblocked = Unblocked. The person can go on at once.
help-desk-reset = Reset the sign-in
help-desk-reset-hint = Every session ends at once. The registry then sends a new access code. The API tokens go on working: if the account may be in wrong hands, block it first.
help-desk-reset-sure = Reset the sign-in of { $name }?
help-desk-reset-what = This cannot be undone. Every session ends at once, and this person does not sign in any more until the registry has sent them a new access code.
help-desk-reset-yes = Reset
help-desk-reset-done = The sign-in was reset, and every session ended. The registry finds the account by its e-mail address and sends a new access code; it asks for an identity document if the cell number is missing or has changed.
help-desk-audit = What this account did, and what was done to it
help-desk-when = When
help-desk-action = Action
help-desk-who = By
help-desk-refused = Refused
help-desk-oneself = the account itself
actor-account = another account
actor-sign-in = a sign-in
actor-job = a job
actor-operator = the operator

## Delegates
delegates = Delegates
delegates-invite = Add a delegate
delegates-none = Nobody but you has access to your clients’ files at the moment.
delegates-what = Who has access to your clients’ files now, and until when.
delegates-places = { $left ->
    [0] All { NUMBER($places) } places are taken. Pending invitations and delegations that can still be renewed hold a place.
    [one] One of { NUMBER($places) } places is left.
   *[other] { $left } of { NUMBER($places) } places are left.
}
delegates-sees = Sees your cases
delegates-blocked = Blocked
delegates-blocked-what = Cannot get in at present. Only the delegate can have this put right, by calling the help desk.
delegates-invited-until = Invitation open until { $at }
delegates-access-until = Access until { $at } ({ $days ->
    [one] one day left
   *[other] { $days } days left
})
delegates-expired-until = Access ended on { $at }. You can renew until { $renewable }.
delegates-renew = Renew
delegates-renew-of = Renew the delegation of { $name }
delegates-end = Delete
delegates-withdraw = Withdraw
delegates-withdraw-of = Withdraw the invitation of { $name }
delegates-end-of = Delete the delegation of { $name }
delegates-end-sure = Delete the delegation of { $name }?
delegates-end-what = Access is gone at once. To give it back, you would have to invite the person again.
delegates-end-yes = Yes, delete it
delegates-withdraw-sure = Withdraw the invitation of { $name }?
delegates-withdraw-what = Nobody can accept it any more. You can send another one.
delegates-withdraw-yes = Yes, withdraw it
delegates-withdrawn = The invitation was withdrawn. You are both told by e-mail.
delegates-invited = The invitation is on its way by e-mail. Tell the person the answers yourself, not by e-mail.
delegates-renewed = The delegation was renewed, and the delegate is told by e-mail.
delegates-ended = The delegation has ended. You are both told by e-mail.
delegation-invited = Invited
delegation-active = Active
delegation-renewal-due = To renew
delegation-expired = Expired
invite-what = The person gets an e-mail without a link, signs in, and answers your questions. Then they can act for you.
invite-step-one = Step 1 of 2: whom you invite. You check everything before it is sent.
invite-step-two = Step 2 of 2: check, and accept the terms. Nothing has been sent yet.
invite-review = Check and send the invitation
invite-change = Change
invite-email-hint = The address for which their sign-in service vouches, or the one of their account.
invite-questions = Secret questions
invite-questions-hint = Questions whose answers only the two of you know. Letter case, accents and spaces do not matter in the answers.
invite-question-number = Question { NUMBER($number) }
invite-question = Question
invite-answer = Answer
invite-terms = Terms of delegation
invite-terms-sees = The delegate sees all your cases and their inbox, and sends documents and forms in your name.
invite-terms-responsible = You remain responsible for what the delegate does. You see what was read and what was sent.
invite-terms-days = { $days ->
    [one] The delegation runs for one day.
   *[other] The delegation runs for { $days } days.
} You can renew it.
invite-terms-end = End the delegation as soon as the person leaves your firm or no longer needs access.
invite-terms-accept = I accept these terms.
invite-send = Send the invitation
invitations = Invitations
invitations-number = Invitation number
invitations-number-hint = It is in the e-mail that invites you, such as ABCD-EFGH-JK.
invitations-number-what = Your invitation does not show? Some sign-in services do not tell us your e-mail address.
invitations-find = Find my invitation
invitations-none = No invitation is open to you. Invitations are found by the e-mail address of your account or of your sign-in service; they lapse if nobody takes them up.
invitations-what = { $days ->
    [one] A counsel invites you to be their delegate for one day.
   *[other] A counsel invites you to be their delegate for { $days } days.
} To accept, answer the questions whose answers the counsel shared with you.
invitations-accepted = You accepted the invitation: you have access to this counsel’s files from now on.
invitations-waiting = { $count ->
    [one] { $count } invitation to be a delegate waits for your answer.
   *[other] { $count } invitations to be a delegate wait for your answer.
}
invitations-lapses = Open until { $at }
invitations-answer-hint = Letter case, accents and spaces do not matter.
invitations-accept = Accept the invitation
invitations-wrong = { $tries ->
    [one] An answer is wrong. You have one try left before your access is blocked or the invitation is closed.
   *[other] An answer is wrong. You have { $tries } tries left before your access is blocked or the invitation is closed.
}
register-no-code-delegate = Delegates: you need no code; answer your invitation.
