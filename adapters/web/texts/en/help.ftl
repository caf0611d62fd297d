# The help that anybody may read, and the footer's links to it.

help-and-privacy = Help and privacy
help-title = Help
help-for-this-page = Help with this page:
date-modified = Date modified:
session-ends = For your safety, you are signed out { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
    } after your last page. Opening or sending a page starts the time anew, up to { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
    } after you signed in.
help-what = How to use the portal of this tribunal: { $tribunal }.
help-on-page = On this page

help-desk-title = Call the help desk
help-desk-for = For technical questions about the portal only. The help desk cannot answer questions about a case.
help-desk-call-when = Call when:
help-desk-blocked-person = You are blocked. Note the lock code on the page and read it out.
help-desk-other-service = You want to sign in with another account of your sign-in service, or with another service. The help desk resets your sign-in.
help-desk-case-missing = An active case does not show, or what it says is not right.

help-register = Register
help-register-who = Members in good standing of these orders can register as counsel:
help-register-others = If you are not an authorized representative, you cannot register. Delegates do not register by themselves: a counsel invites them.
help-register-ask = Ask the registry to register you. It sends you the counsel’s form and checks your identity. Give your present contact details and your cell number.
help-register-code = You receive an access code by text message at that number. It is valid for { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
    } and works once.
help-register-enter = Sign in from this portal’s home page with the sign-in service of your choice, enter the code and accept the privacy statement.
help-register-once = You register once. New cases need no new registration.
help-register-secret = Never tell anybody your access code or your personal information.

help-sign-in = Sign-in services
help-sign-in-what = The portal has no password of its own. A sign-in service tells it who you are, and nothing else about your account there.
help-sign-in-here = Always sign in from this portal’s home page. Other sites have sign-in pages that look the same and do not lead here.
help-sign-in-lost = If you lost the username or password with which you sign in, recover it with your sign-in service; neither the help desk nor the tribunal has it.

help-notices = Recognize a true notice
help-notices-true = Somebody may send you a false notice to steal your password (phishing). In a true notice from the portal:
help-notices-no-link = There is no link to click and no attachment.
help-notices-no-reply = The sender cannot be replied to.
help-notices-standard = The subject and the text are always the same, in French and in English.
help-notices-no-case = There is no name of a party, no file number and no title of a document.
help-notices-otherwise = If an e-mail is different, do not click and do not answer. Type the portal’s address yourself: what is new is in your inbox.

help-documents = A document does not open
help-documents-what = If you cannot read a document that you downloaded, or if it opens as a web page full of signs:
help-documents-find = Find the file on your computer, often in the Downloads folder.
help-documents-open-with = Right-click the file and open it with a PDF reader.
help-documents-rename = If its name ends in “.pdf.html”, delete “.html” and press Enter.
help-documents-again = Open the file again. It should open in your PDF reader.

help-cases = A case does not show
help-cases-decided = A case leaves the portal { $days ->
    [one] { $days } day
   *[other] { $days } days
    } after the date of its final decision.
help-cases-otherwise = If an active case does not show, if what it says is not right, or if your client received a document that you should have received too, call the help desk.

help-details = Your contact details change
help-details-what = Tell the tribunal without delay.
help-details-open = Sign in and open My Profile in the menu.
help-details-submit = Select Change my details, correct what is no longer right, then select Submit.
help-details-wait = Allow { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
    }, then look in your profile whether the change was made.

help-sending = Send a document
help-sending-how = In My Cases, open the case and select Submit a document. No paper copy is needed, but you may have to show the original later or at the hearing.
help-sending-number = You see the confirmation number on the page, and receive it by e-mail. Without a confirmation number, the tribunal does not hold your document.
help-sending-history = The case’s submission history lists what was sent. It does not give the document back, so keep a copy.

help-delegates = Delegates
help-delegates-counsel = As counsel, you are responsible for your delegates. Renew each delegation when the portal reminds you, and end it as soon as the person no longer works for you.
help-delegates-invited = A delegate receives an invitation by e-mail, signs in and answers the secret questions. An invitation lapses after { $days ->
    [one] { $days } day
   *[other] { $days } days
    }.
help-delegates-may = A delegate sees the counsel’s cases and inbox and sends documents. A delegate cannot delete from the inbox, change the profile or delegate. The counsel sees what a delegate read and sent.
