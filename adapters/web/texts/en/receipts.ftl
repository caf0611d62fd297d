# The words of signed receipts, and of how they are verified.

## A receipt
receipt-short = Receipt
receipt-heading = Receipt of { $number }
receipt-what = The tribunal signed this receipt when the files and the record of them were on durable storage.
receipt-download = Download the receipt
receipt-read = Read or download the signed receipt
receipt-file-name = receipt-{ $number }.json
receipt-utc = { $at } (UTC)
receipt-signature-heading = Signature
receipt-key = Key
receipt-signature = Signature (Ed25519)
receipt-log = Public log
receipt-in-log = Entry { $index } of { $size }. The downloaded receipt has the proof.
receipt-not-in-log = Not there yet; that takes a few seconds. The receipt that is downloaded afterwards has the proof.
receipt-keep = Keep the downloaded receipt together with the files that you sent: with it anybody can verify, without the portal, that the tribunal has them.

## Record of service
service-record = Record of service
service-record-heading = Record of service: { $title }
service-record-what = When the tribunal made this document available to counsel, and when each person first opened it.
service-record-download = Download the signed record
service-record-file-name = record-of-service-{ $number }.json
service-record-to = Counsel
service-record-available = Made available
service-record-deleted = Deleted from the general inbox { $at }; the case’s inbox keeps it.
service-record-as-of = As things stood
service-record-readings = First readings
service-record-unread = Nobody has opened it yet.
service-record-capacity = As
service-record-first-read = First reading
service-record-as-counsel = counsel
service-record-as-delegate = delegate
service-record-keep = The downloaded file is the proof: the tribunal signs it as it is downloaded, and anybody can verify it without the portal. Later readings are not in it.

## How a receipt is verified
verifying-heading = How a receipt or a record of service is verified
verifying-what = Receipts and records of service are signed by the tribunal. Anybody can verify them on their own machine, without a network and without the portal.
verifying-step-receipt = Have the receipt or the record that you downloaded, and the files as they were sent. The files may have other names now.
verifying-step-key = Save the tribunal’s keys, once.
verifying-step-command = Run the portal’s program, which anybody may build from its source:
verifying-keys-file = The keys as a file
verifying-example-files = DOCUMENT.pdf
verifying-example-receipt = RECEIPT.json
verifying-example-key = KEYS.txt
verifying-answer = It says of each file whether it is in the receipt or the record to the last byte, whether the signature is true, and whether a receipt is in the public log. Its exit status is 0 only if everything is true.
verifying-keys-heading = The tribunal’s keys
verifying-keys-what = The first key signs today. What former keys signed still verifies.
verifying-log-heading = The public log
verifying-log-what = Receipts are entered in a log that can only grow, in the order in which they came. An entry is a digest: nobody learns from it who sent what. The log is read in the format tlog-tiles (c2sp.org/tlog-tiles) under /log.
verifying-checkpoint = The newest checkpoint
