# My Cases, to take along.

cases-hearing-from = Hearing from
cases-hearing-to = Hearing until

export-heading = Take this list with you
export-what = Both contain every case that this search finds, on all its pages.
export-table = Download the list (CSV, for spreadsheets)
export-hearings = Download hearings for a calendar
export-details = Put parties and file numbers into the titles
export-details-hint = Proceedings are private by law, and others may see your calendar. Without this, a title only says what kind of event it is.
export-calendar = My Case – hearings
export-title = { $kind } – { $number } – { $parties }
export-cases-name = my-cases
export-hearings-name = hearings
export-hearing-time = Time of hearing
export-hearing-zone = Time zone
export-hearing-kind = Kind of hearing
export-hearing-place = Place
export-decided-on = Final decision
export-last-day = Last day in the portal
export-day = Day
export-time = Time
export-activity-name = activity
