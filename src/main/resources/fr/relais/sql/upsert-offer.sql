insert into offer (id, origine, date_creation, date_actualisation, intitule, rome_code, commune, code_postal,
  type_contrat, content, fingerprint, digest, created_sweep, changed_sweep)
values (:#id, :#origine, :#dateCreation, :#dateActualisation, :#intitule, :#romeCode, :#commune, :#codePostal,
  :#typeContrat, :#content, :#fingerprint, :#digest, :#sweepId, :#sweepId)
on duplicate key update origine = values(origine), date_creation = values(date_creation),
  date_actualisation = values(date_actualisation), intitule = values(intitule), rome_code = values(rome_code),
  commune = values(commune), code_postal = values(code_postal), type_contrat = values(type_contrat),
  content = values(content), fingerprint = values(fingerprint), digest = values(digest),
  changed_sweep = values(changed_sweep)
