# Les avis par courriel. Aucun lien, aucune pièce jointe, aucun nom de partie, aucun numéro de dossier (MAIL-1).

subject-documents-received = Documents reçus – Mon dossier
body-documents-received =
    Le tribunal a reçu vos documents le { $at }.

    Numéro de confirmation : { $number }

    Conservez ce numéro. Vous trouverez l’entrée correspondante dans l’historique des communications du cas.
subject-form-received = Formulaire reçu – Mon dossier
body-form-received =
    Le tribunal a reçu votre formulaire le { $at }.

    Numéro de confirmation : { $number }

    Conservez ce numéro.
subject-profile-change-asked = Modification demandée – Mon dossier
body-profile-change-asked =
    Une modification de Mon profil a été demandée. Prévoyez un délai de 48 heures pour son traitement, puis vérifiez Mon profil.
subject-profile-change-applied = Profil modifié – Mon dossier
body-profile-change-applied =
    La modification demandée figure maintenant dans Mon profil.
subject-profile-change-refused = Modification refusée – Mon dossier
body-profile-change-refused =
    La modification demandée n’a pas été faite. Vous en trouverez la raison dans Mon profil.
subject-email-address-changed = Adresse courriel modifiée – Mon dossier
body-email-address-changed =
    L’adresse à laquelle Mon dossier envoie vos avis a été modifiée. Si vous n’avez pas demandé cette modification, appelez le service de dépannage.
subject-sign-in-bound = Inscription terminée – Mon dossier
body-sign-in-bound =
    Un service de connexion donne maintenant accès à votre compte. Si ce n’était pas vous, appelez le service de dépannage.
subject-sign-in-reset = Connexion réinitialisée – Mon dossier
body-sign-in-reset =
    La connexion à votre compte a été réinitialisée. Un nouveau code d’accès est nécessaire pour vous connecter de nouveau. Si vous ne l’avez pas demandé, appelez le service de dépannage.
subject-account-unblocked = Compte débloqué – Mon dossier
body-account-unblocked =
    L’accès à votre compte est rétabli. Si vous n’avez pas appelé le service de dépannage, appelez-le maintenant.
subject-document-from-tribunal = Nouveau document – Mon dossier
body-document-from-tribunal =
    Le tribunal a envoyé un document. Vous le trouverez dans la boîte de réception de Mon dossier.
subject-renewal-due = Délégation à renouveler – Mon dossier
body-renewal-due =
    Une de vos délégations prend fin le { $at }. Pour la maintenir, allez dans Mon profil, section Délégués, et choisissez Renouveler. Sinon, l’accès de la personne déléguée sera bloqué à ce moment.
subject-delegate-invited = Invitation à titre de personne déléguée – Mon dossier
body-delegate-invited =
    Un conseil vous invite à devenir sa personne déléguée. Connectez-vous à Mon dossier à partir de sa page d’accueil et répondez aux questions dont le conseil vous a communiqué les réponses. L’invitation est valide jusqu’au { $at }.
subject-delegation-renewed = Délégation renouvelée – Mon dossier
body-delegation-renewed =
    Votre délégation a été renouvelée. Elle prend fin le { $at }. Vous n’avez pas à vous inscrire de nouveau.
subject-delegation-ended = Fin d’une délégation – Mon dossier
body-delegation-ended =
    Une délégation a pris fin. L’accès qu’elle donnait n’existe plus.

greeting = Bonjour,
what-to-do = Pour consulter Mon dossier, connectez-vous comme d’habitude à partir de sa page d’accueil.
true-notices =
    Les avis de Mon dossier ne contiennent ni lien ni pièce jointe, et il est impossible d’y répondre.
    Service de dépannage : { $help-desk }
signature = { $tribunal }
moment = { $day } { $month } { $year } à { $hour } h { $minute } ({ $zone })
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
