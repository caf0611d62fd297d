# The e-mail notices. No link, no attachment, no party's name, no file number (MAIL-1).

subject-documents-received = Documents received – My Case
body-documents-received =
    The tribunal received your documents on { $at }.

    Confirmation number: { $number }

    Keep this number. The entry is in the submission history of the case.
subject-form-received = Form received – My Case
body-form-received =
    The tribunal received your form on { $at }.

    Confirmation number: { $number }

    Keep this number.
subject-profile-change-asked = Change requested – My Case
body-profile-change-asked =
    A change to My Profile was requested. Allow 48 hours for it to be processed, then check My Profile.
subject-profile-change-applied = Profile changed – My Case
body-profile-change-applied =
    The change you asked for is now in My Profile.
subject-profile-change-refused = Change refused – My Case
body-profile-change-refused =
    The change you asked for was not made. The reason is in My Profile.
subject-email-address-changed = E-mail address changed – My Case
body-email-address-changed =
    The address to which My Case sends your notices was changed. If you did not ask for this, call the help desk.
subject-sign-in-bound = Registration complete – My Case
body-sign-in-bound =
    A sign-in service now opens your account. If this was not you, call the help desk.
subject-sign-in-reset = Sign-in reset – My Case
body-sign-in-reset =
    The sign-in of your account was reset. A new access code is needed to sign in again. If you did not ask for this, call the help desk.
subject-account-unblocked = Account unblocked – My Case
body-account-unblocked =
    Access to your account is restored. If you did not call the help desk, call them now.
subject-document-from-tribunal = New document – My Case
body-document-from-tribunal =
    The tribunal sent a document. It is in the inbox of My Case.
subject-renewal-due = Delegation to renew – My Case
body-renewal-due =
    One of your delegations ends on { $at }. To keep it, go to My Profile, section Delegates, and choose Renew. Otherwise the delegate’s access is blocked from then on.
subject-delegate-invited = Invitation as a delegate – My Case
body-delegate-invited =
    A counsel invites you to be their delegate. Sign in from the home page of My Case and answer the questions whose answers the counsel shared with you. The invitation is valid until { $at }.
subject-delegation-renewed = Delegation renewed – My Case
body-delegation-renewed =
    Your delegation was renewed. It ends on { $at }. You do not have to register again.
subject-delegation-ended = Delegation ended – My Case
body-delegation-ended =
    A delegation has ended. The access it gave is gone.

greeting = Hello,
what-to-do = To use My Case, sign in as usual from its home page.
true-notices =
    Notices from My Case contain no link and no attachment, and cannot be replied to.
    Help desk: { $help-desk }
signature = { $tribunal }
moment = { $month } { $day }, { $year }, at { $hour }:{ $minute } ({ $zone })
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
