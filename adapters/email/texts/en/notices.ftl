# The e-mail notices. No link, no attachment, no party's name, no file number (MAIL-1).

subject-documents-received = Documents received – My Case
body-documents-received =
    The tribunal received your documents on { $at }.
body-documents-number =
    Confirmation number: { $number }

    Keep this number: it proves that the tribunal has your documents. You will find the matching entry in the submission history of the case.
subject-form-received = Form received – My Case
body-form-received =
    The tribunal received your form on { $at }.
body-form-number =
    Confirmation number: { $number }

    Keep this number: it proves that the tribunal has your form.
body-received-at-office = At the office that holds the file, it was { $at }. By this time it is judged whether what you sent came in time.
body-received-elsewhere = The receipt, in My Case, has the time at the office that holds the file, by which it is judged whether what you sent came in time.
subject-profile-change-asked = Change requested – My Case
body-profile-change-asked =
    A change to My Profile was requested. Allow { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
    } for it to be processed, then check the information in My Profile.

    If you did not ask for this change, call the help desk right away.
subject-profile-change-applied = Profile changed – My Case
body-profile-change-applied =
    The change that you asked for has been made. You will find it in My Profile.
subject-profile-change-refused = Change refused – My Case
body-profile-change-refused =
    The change that you asked for has not been made. You will find the reason in My Profile.
subject-profile-change-withdrawn = Change withdrawn – My Case
body-profile-change-withdrawn =
    The change to My Profile that was requested has been withdrawn before the tribunal decided. Your profile stays as it is.

    If you did not withdraw this change, call the help desk right away.
subject-email-address-changed = E-mail address changed – My Case
body-email-address-changed =
    The e-mail address to which My Case sends your notices has been changed.

    If you did not ask for this change, call the help desk right away.
subject-sign-in-bound = Registration complete – My Case
body-sign-in-bound =
    Your account is now linked to the sign-in service that you used to register.

    If you did not register, call the help desk right away.
subject-sign-in-reset = Sign-in reset – My Case
body-sign-in-reset =
    The sign-in to your account has been reset. You will need a new access code to sign in again.

    If you did not ask for this reset, call the help desk right away.
subject-cell-recorded = Cell number recorded – My Case
body-cell-recorded =
    The registry has checked an identity document and recorded a cell number for your account. Your access codes go to that number.

    If this was not you, call the help desk right away.
subject-account-blocked = Account blocked – My Case
body-account-blocked =
    The help desk has blocked access to your account. If you did not ask for this, somebody else may have been using it.

    To have it unblocked, call the help desk.
subject-account-unblocked = Account unblocked – My Case
body-account-unblocked =
    Access to your account has been restored.

    If you did not ask for your account to be unblocked, call the help desk right away.
subject-document-from-tribunal = New document – My Case
body-document-from-tribunal =
    The tribunal has sent a document. You will find it in the inbox of My Case.
subject-renewal-due = Delegation to renew – My Case
body-renewal-due =
    One of your delegations ends on { $at }. If you do not renew it by then, the delegate will lose access.

    To renew it, go to My Profile, section “Delegates”, and choose “Renew”.
subject-delegate-invited = Invitation to be a delegate – My Case
body-delegate-invited =
    A counsel invites you to be their delegate. To accept, sign in from the home page of My Case and answer the questions: the counsel has given you the answers.

    Your invitation number is { $number }. The page of invitations asks for it if the invitation does not show by itself.

    The invitation is valid until { $at }. If you were not expecting it, you do not have to do anything.
subject-delegation-renewed = Delegation renewed – My Case
body-delegation-renewed =
    Your delegation has been renewed. It ends on { $at }. You do not have to register again.
subject-delegation-expired = Delegation ended, can still be renewed – My Case
body-delegation-expired =
    A delegation has reached the end of its term. The access that it gave is blocked.

    Until { $at }, the counsel can still renew it: the delegate then has access again without registering anew. After that, a new invitation is needed.
subject-invitation-withdrawn = Invitation withdrawn – My Case
body-invitation-withdrawn =
    An invitation to be a delegate has been withdrawn. Nobody can accept it any more, and it gave access to nothing.
subject-invitation-closed = Invitation closed – My Case
body-invitation-closed =
    An invitation to be a delegate was answered wrongly too often and is closed. Nobody can accept it any more, and it gave access to nothing. If you know who tried, agree with them on the questions and answers and invite them again. If you do not, tell the help desk.
subject-delegation-ended = Delegation ended – My Case
body-delegation-ended =
    A delegation has ended. The access that it gave has been removed.
subject-delegate-account-changed = Delegate’s account changed – My Case
body-delegate-account-changed =
    A delegate of yours has another account from now on, with the same sign-in. The delegation goes on until the day on which it would have ended. If this person had two from you, the one that ends later goes on.

    The page Delegates shows who it is. If this surprises you, delete the delegation there and call the help desk right away.

greeting = Hello,
what-to-do = To use My Case, always sign in from its home page.
true-notices =
    Notices from My Case contain no link and no attachment, and cannot be replied to. Do not trust a notice that contains a link or an attachment.

    Help desk: { $help-desk }
reference = Reference: { $notice }
signature = { $tribunal }
moment = { $month } { $day }, { $year }, at { $hour }:{ $minute } ({ $zone })
day-1 = 1
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
