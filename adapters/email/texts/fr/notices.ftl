# Les avis par courriel. Aucun lien, aucune pièce jointe, aucun nom de partie, aucun numéro de dossier (MAIL-1).

subject-documents-received = Documents reçus – Mon dossier
body-documents-received =
    Le tribunal a reçu vos documents le { $at }.
body-documents-number =
    Numéro de confirmation : { $number }

    Conservez ce numéro : il prouve que le tribunal a vos documents. L’entrée correspondante se trouve dans l’historique des communications du cas.
subject-form-received = Formulaire reçu – Mon dossier
body-form-received =
    Le tribunal a reçu votre formulaire le { $at }.
body-form-number =
    Numéro de confirmation : { $number }

    Conservez ce numéro : il prouve que le tribunal a votre formulaire.
body-received-at-office = Au bureau qui détient le dossier, c’était le { $at }. C’est d’après cette heure que l’on juge si l’envoi est arrivé à temps.
body-received-elsewhere = Le reçu, dans Mon dossier, donne l’heure au bureau qui détient le dossier, d’après laquelle on juge si l’envoi est arrivé à temps.
subject-profile-change-asked = Modification demandée – Mon dossier
body-profile-change-asked =
    Une modification de Mon profil a été demandée. Prévoyez un délai de { $hours ->
    [one] { $hours } heure
   *[other] { $hours } heures
    } pour son traitement, puis vérifiez les renseignements dans Mon profil.

    Si vous n’avez pas demandé cette modification, appelez sans tarder le service de dépannage.
subject-profile-change-applied = Profil modifié – Mon dossier
body-profile-change-applied =
    La modification que vous avez demandée a été faite. Vous la trouverez dans Mon profil.
subject-profile-change-refused = Modification refusée – Mon dossier
body-profile-change-refused =
    La modification que vous avez demandée n’a pas été faite. Vous en trouverez la raison dans Mon profil.
subject-profile-change-withdrawn = Demande de modification retirée – Mon dossier
body-profile-change-withdrawn =
    La demande de modification de Mon profil a été retirée avant que le tribunal ne réponde. Votre profil reste tel quel.

    Si vous n’avez pas retiré cette demande, appelez sans tarder le service de dépannage.
subject-email-address-changed = Adresse de courriel modifiée – Mon dossier
body-email-address-changed =
    L’adresse de courriel à laquelle Mon dossier envoie vos avis a été modifiée.

    Si vous n’avez pas demandé cette modification, appelez sans tarder le service de dépannage.
subject-sign-in-bound = Inscription terminée – Mon dossier
body-sign-in-bound =
    Votre compte est maintenant lié au service de connexion que vous avez utilisé pour vous inscrire.

    Si ce n’est pas vous qui avez fait cette inscription, appelez sans tarder le service de dépannage.
subject-sign-in-reset = Connexion réinitialisée – Mon dossier
body-sign-in-reset =
    La connexion à votre compte a été réinitialisée. Il vous faudra un nouveau code d’accès pour vous connecter de nouveau.

    Si vous n’avez pas demandé cette réinitialisation, appelez sans tarder le service de dépannage.
subject-cell-recorded = Numéro de cellulaire inscrit – Mon dossier
body-cell-recorded =
    Le greffe a vérifié un document d’identité et inscrit un numéro de cellulaire à votre compte. Vos codes d’accès sont envoyés à ce numéro.

    Si ce n’était pas vous, appelez sans tarder le service de dépannage.
subject-account-blocked = Compte bloqué – Mon dossier
body-account-blocked =
    Le service de dépannage a bloqué l’accès à votre compte. Si vous ne l’avez pas demandé, il se peut qu’une autre personne s’en soit servie.

    Pour faire lever le blocage, appelez le service de dépannage.
subject-account-unblocked = Compte débloqué – Mon dossier
body-account-unblocked =
    L’accès à votre compte a été rétabli.

    Si vous n’avez pas demandé que votre compte soit débloqué, appelez sans tarder le service de dépannage.
subject-document-from-tribunal = Nouveau document – Mon dossier
body-document-from-tribunal =
    Le tribunal a envoyé un document. Vous le trouverez dans la boîte de réception de Mon dossier.
subject-renewal-due = Délégation à renouveler – Mon dossier
body-renewal-due =
    Une de vos délégations prend fin le { $at }. Si vous ne la renouvelez pas d’ici là, la personne déléguée perdra son accès.

    Pour la renouveler, allez dans Mon profil, à la section « Personnes déléguées », et choisissez « Renouveler ».
subject-delegate-invited = Invitation à titre de personne déléguée – Mon dossier
body-delegate-invited =
    Un conseil vous invite à devenir sa personne déléguée. Pour accepter, connectez-vous à partir de la page d’accueil de Mon dossier et répondez aux questions : le conseil vous en a communiqué les réponses.

    Votre numéro d’invitation est { $number }. La page des invitations le demande si l’invitation n’y paraît pas d’elle-même.

    L’invitation est valide jusqu’au { $at }. Si vous ne l’attendiez pas, vous n’avez rien à faire.
subject-delegation-renewed = Délégation renouvelée – Mon dossier
body-delegation-renewed =
    Votre délégation a été renouvelée. Elle prend fin le { $at }. Vous n’avez pas à vous inscrire de nouveau.
subject-delegation-expired = Fin d’une délégation, encore renouvelable – Mon dossier
body-delegation-expired =
    Une délégation est arrivée à son terme. L’accès qu’elle donnait est bloqué.

    Jusqu’au { $at }, le conseil peut encore la renouveler : la personne déléguée retrouve alors son accès sans s’inscrire de nouveau. Ensuite, il faudra une nouvelle invitation.
subject-invitation-withdrawn = Invitation retirée – Mon dossier
body-invitation-withdrawn =
    Une invitation à titre de personne déléguée a été retirée. Personne ne peut plus l’accepter, et elle n’a donné accès à rien.
subject-invitation-closed = Invitation fermée – Mon dossier
body-invitation-closed =
    Une invitation à titre de personne déléguée a reçu trop de mauvaises réponses et est fermée. Personne ne peut plus l’accepter, et elle n’a donné accès à rien. Si vous savez qui a essayé, convenez avec cette personne des questions et des réponses, puis invitez-la de nouveau. Sinon, avisez le service de dépannage.
subject-delegation-ended = Fin d’une délégation – Mon dossier
body-delegation-ended =
    Une délégation a pris fin. L’accès qu’elle donnait est supprimé.
subject-delegate-account-changed = Compte d’une personne déléguée modifié – Mon dossier
body-delegate-account-changed =
    Une de vos personnes déléguées a désormais un autre compte, avec la même connexion. La délégation se poursuit jusqu’au jour où elle aurait pris fin. Si cette personne en avait deux de vous, celle qui prend fin le plus tard se poursuit.

    La page Personnes déléguées montre de qui il s’agit. Si cela vous étonne, supprimez-y la délégation et appelez sans tarder le service de dépannage.

greeting = Bonjour,
what-to-do = Pour utiliser Mon dossier, connectez-vous toujours à partir de sa page d’accueil.
true-notices =
    Les avis de Mon dossier ne contiennent ni lien ni pièce jointe, et il est impossible d’y répondre. Ne vous fiez pas à un avis qui contient un lien ou une pièce jointe.

    Service de dépannage : { $help-desk }
reference = Référence : { $notice }
signature = { $tribunal }
moment = { $day } { $month } { $year } à { $hour } h { $minute } ({ $zone })
day-1 = 1er
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
zone-est = HNE
zone-edt = HAE
zone-cst = HNC
zone-cdt = HAC
zone-mst = HNR
zone-mdt = HAR
zone-pst = HNP
zone-pdt = HAP
zone-ast = HNA
zone-adt = HAA
zone-nst = HNT
zone-ndt = HAT
zone-america-vancouver-mst = heure de Vancouver
zone-canada-pacific-mst = heure de Vancouver
