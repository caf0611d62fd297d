# Les pages propres à la démonstration.

demo-people-heading = Se connecter à titre de…
demo-people-hint = Ces personnes sont inventées. Ce que chacune peut voir diffère.
demo-mailbox-heading = Courriels interceptés
demo-mailbox-none = Aucun courriel n’a encore été intercepté. Envoyez un document : il en paraît un dans la seconde.
demo-texts-heading = Messages texte interceptés
demo-texts-none = Aucun message texte n’a encore été intercepté.
demo-message-to = Destinataire
demo-message-sent = Envoi
demo-clock-heading = L’horloge de la démonstration
demo-clock-now = Nous sommes le { $at }.
demo-clock-hint = L’horloge ne fait qu’avancer. Après chaque avance, les tâches s’exécutent, et les rappels partent comme ils seraient partis.
demo-clock-advance = Avancer de
demo-clock-advance-hint = Par exemple 50d (jours), 3h (heures) ou 10m (minutes)
demo-clock-move = Avancer
demo-clock-day = Un jour
demo-clock-ten-days = Dix jours
demo-clock-fifty-days = Cinquante jours
