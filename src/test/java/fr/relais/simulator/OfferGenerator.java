package fr.relais.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.simulator.Vocabulary.Coded;
import fr.relais.simulator.Vocabulary.Commune;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/**
 * A generator of synthetic offers in the shapes of the API: with all documented fields, missing and oddly formed
 * fields, some unknown fields and some hostile text. An offer has about 3.3 kB of JSON on average, 5 kB at the 95th
 * percentile. The same seed and the same calls give the same offers. All ids of one generator differ. Safe for use by
 * several threads.
 */
public final class OfferGenerator {

    private static final int PARTNER_IDS = 10_000_000;
    private static final int OWN_IDS = 1000 * 26 * 26 * 26 * 26;

    /** A prime number, so that all other ids are used before an id is used again. */
    private static final long ID_STEP = 7_368_787;

    /** The decay rate of {@link #fill}: the newest day has about e^3 = 20 times as many offers as the oldest. */
    private static final double DECAY = 3;

    private static final double LONGEST_DESCRIPTION = 5000;

    private final Random random;
    private long nextId;

    public OfferGenerator(long seed) {
        this.random = new Random(seed);
        this.nextId = random.nextInt(PARTNER_IDS);
    }

    /**
     * Creates an offer.
     *
     * @param creation its {@code dateCreation}; a fraction of a second is dropped, because the API's dates have none
     * @param origine {@code "1"} for an offer of the operator, {@code "2"} for an offer of a partner
     */
    public synchronized ObjectNode offer(Instant creation, String origine) {
        boolean own = origine.equals("1");
        String id = id(own);
        int trade = random.nextInt(Vocabulary.TRADES.size());
        Instant created = creation.truncatedTo(ChronoUnit.SECONDS);
        ObjectNode offer = object();
        offer.put("id", id);
        offer.put("intitule", Vocabulary.TITLES.get(trade) + " (H/F)");
        offer.put("description", description());
        offer.put("dateCreation", OfferDate.inOffer(created));
        if (chance(0.98)) {
            Duration later = Duration.ofSeconds(chance(0.6) ? 0 : random.nextInt(6 * 3600));
            offer.put("dateActualisation", OfferDate.inOffer(created.plus(later)));
        }
        offer.set("lieuTravail", place());
        offer.put("romeCode", Vocabulary.TRADES.get(trade).code());
        offer.put("romeLibelle", Vocabulary.TRADES.get(trade).label());
        offer.put("appellationlibelle", Vocabulary.TITLES.get(trade));
        offer.set("entreprise", company());
        addContract(offer);
        addRequirements(offer);
        addConditions(offer);
        addContact(offer, own);
        offer.put("nombrePostes", chance(0.9) ? 1 : 2 + random.nextInt(20));
        offer.put("accessibleTH", chance(0.1));
        addQualification(offer);
        addSector(offer);
        offer.set("origineOffre", origin(id, origine));
        addRecentFields(offer);
        if (chance(0.01)) {
            makeHostile(offer);
        }
        return offer;
    }

    /**
     * Returns a changed copy of an offer: with the same id, creation date and origin, but at least one other field
     * differs. In a quarter of the cases, {@code dateActualisation} stays the same.
     */
    public synchronized ObjectNode change(ObjectNode offer) {
        ObjectNode changed = offer.deepCopy();
        switch (random.nextInt(5)) {
            case 0 -> changed.put("intitule", offer.path("intitule").asText() + " – URGENT");
            case 1 ->
                changed.put("description", offer.path("description").asText() + "\n" + pick(Vocabulary.SENTENCES));
            case 2 -> changed.put("nombrePostes", offer.path("nombrePostes").asInt() + 1);
            case 3 ->
                changed.putObject("salaire").put("libelle", "Mensuel de %d.0 Euros".formatted(random.nextInt(9999)));
            default -> changed.put("nouveauChamp", "valeur " + random.nextInt());
        }
        if (chance(0.75)) {
            String field = offer.has("dateActualisation") ? "dateActualisation" : "dateCreation";
            Instant before = OfferDate.fromOffer(offer.get(field).asText());
            changed.put("dateActualisation", OfferDate.inOffer(before.plusSeconds(1 + random.nextInt(3600))));
        }
        return changed;
    }

    /**
     * Puts new offers into a base. Recent creation dates are more frequent, as in a stock from which offers disappear
     * at a constant rate.
     *
     * @param newest the latest possible creation date
     * @param span the period before {@code newest} in which all creation dates lie
     */
    public void fill(SimulatedBase base, int count, Instant newest, Duration span, String origine) {
        for (int i = 0; i < count; i++) {
            Duration age = Duration.ofMillis((long) (span.toMillis() * relativeAge()));
            base.put(offer(newest.minus(age), origine));
        }
    }

    /** Returns a value from 0 to 1 of an exponential distribution that is truncated at 1. */
    private synchronized double relativeAge() {
        return -Math.log(1 - random.nextDouble() * (1 - Math.exp(-DECAY))) / DECAY;
    }

    /** Returns a new id: digits for a partner's offer, digits and letters such as {@code 204KXWP} for an own one. */
    private String id(boolean own) {
        nextId += ID_STEP;
        if (!own) {
            return "%07d".formatted(nextId % PARTNER_IDS);
        }
        long rest = nextId % OWN_IDS;
        char[] id = new char[7];
        for (int i = 6; i >= 0; i--) {
            int base = i < 3 ? 10 : 26;
            id[i] = (char) ((i < 3 ? '0' : 'A') + rest % base);
            rest /= base;
        }
        return new String(id);
    }

    /** Returns a text of log-normal length, which is typical of texts. */
    private String description() {
        double length = Math.min(LONGEST_DESCRIPTION, 930 * Math.exp(0.6 * random.nextGaussian()));
        StringBuilder text = new StringBuilder(pick(Vocabulary.SENTENCES));
        while (text.length() < length) {
            text.append(chance(0.3) ? "\n\n" : " ").append(pick(Vocabulary.SENTENCES));
        }
        return text.toString();
    }

    private ObjectNode place() {
        if (chance(0.1)) {
            return object().put("libelle", pick(Vocabulary.VAGUE_PLACES));
        }
        Commune commune = pick(Vocabulary.COMMUNES);
        ObjectNode place = object().put("libelle", commune.label());
        if (chance(0.7)) {
            place.put("latitude", commune.latitude());
            place.put("longitude", commune.longitude());
            place.put("codePostal", commune.postalCode());
            place.put("commune", commune.insee());
        }
        return place;
    }

    private ObjectNode company() {
        ObjectNode company = object();
        if (chance(0.15)) {
            return company;
        }
        company.put("nom", pick(Vocabulary.COMPANY_KINDS) + " " + pick(Vocabulary.COMPANY_NAMES));
        if (chance(0.4)) {
            company.put("description", pick(Vocabulary.SENTENCES) + " " + pick(Vocabulary.SENTENCES));
        }
        if (chance(0.3)) {
            company.put("logo", "https://images.entreprise.example/logos/%d.png".formatted(random.nextInt(10_000)));
            company.put("url", "https://www.entreprise.example/%d".formatted(random.nextInt(10_000)));
        }
        company.put("entrepriseAdaptee", chance(0.02));
        return company;
    }

    private void addContract(ObjectNode offer) {
        if (chance(0.97)) {
            Coded contract = pick(Vocabulary.CONTRACTS);
            offer.put("typeContrat", contract.code());
            offer.put("typeContratLibelle", contract.label());
        }
        if (chance(0.97)) {
            offer.put("natureContrat", chance(0.8) ? "Contrat travail" : pick(Vocabulary.NATURES));
        }
    }

    private void addRequirements(ObjectNode offer) {
        if (chance(0.95)) {
            Coded experience = pick(Vocabulary.EXPERIENCES);
            offer.put("experienceExige", experience.code());
            offer.put("experienceLibelle", experience.label());
        }
        if (chance(0.1)) {
            offer.put("experienceCommentaire", "sur un poste similaire");
        }
        if (chance(0.35)) {
            Coded level = pick(Vocabulary.LEVELS);
            ObjectNode training = offer.putArray("formations").addObject();
            training.put("codeFormation", level.code());
            training.put("domaineLibelle", "hôtellerie restauration");
            training.put("niveauLibelle", level.label());
            training.put("commentaire", "ou expérience équivalente");
            training.put("exigence", requirement());
        }
        if (chance(0.1)) {
            offer.putArray("langues").addObject().put("libelle", "Anglais").put("exigence", requirement());
        }
        if (chance(0.25)) {
            offer.putArray("permis")
                    .addObject()
                    .put("libelle", "B - Véhicule léger")
                    .put("exigence", requirement());
        }
        if (chance(0.1)) {
            offer.putArray("outilsBureautiques").add("Tableur").add("Traitement de texte : utilisation experte");
        } else if (chance(0.02)) {
            offer.put("outilsBureautiques", "Traitement de texte");
        }
        if (chance(0.7)) {
            ArrayNode skills = offer.putArray("competences");
            for (int i = random.nextInt(5); i >= 0; i--) {
                Coded skill = pick(Vocabulary.SKILLS);
                ObjectNode entry = skills.addObject();
                if (chance(0.9)) {
                    entry.put("code", skill.code());
                }
                entry.put("libelle", skill.label()).put("exigence", requirement());
            }
        }
    }

    private void addConditions(ObjectNode offer) {
        ObjectNode pay = offer.putObject("salaire");
        if (chance(0.7)) {
            pay.put("libelle", pick(Vocabulary.PAY));
        }
        if (chance(0.2)) {
            pay.put("commentaire", "Selon expérience");
        }
        if (chance(0.3)) {
            pay.put("complement1", "Mutuelle").put("complement2", "Titres restaurant / Prime de panier");
            ArrayNode complements = pay.putArray("listeComplements");
            complements.addObject().put("code", "CM").put("libelle", "Complémentaire santé");
            complements.addObject().put("code", "TR").put("libelle", "Titres restaurant / Prime de panier");
        }
        if (chance(0.65)) {
            offer.put("dureeTravailLibelle", pick(Vocabulary.WORKING_HOURS));
            offer.put("dureeTravailLibelleConverti", chance(0.8) ? "Temps plein" : "Temps partiel");
        }
        if (chance(0.05)) {
            offer.put("complementExercice", "Travail en équipe");
            offer.put("conditionExercice", "Travail de nuit");
        }
        offer.put("alternance", chance(0.05));
    }

    private void addContact(ObjectNode offer, boolean own) {
        if (own && chance(0.8)) {
            ObjectNode contact = offer.putObject("contact");
            contact.put("nom", "%s - %s".formatted(pick(Vocabulary.COMPANY_NAMES), pick(Vocabulary.PEOPLE)));
            if (chance(0.4)) {
                contact.put("coordonnees1", "Courriel : recrutement@entreprise.example");
                contact.put("coordonnees2", "12 rue de l'Exemple");
                contact.put("coordonnees3", "00000 EXEMPLE");
                contact.put("telephone", telephone());
                contact.put("courriel", "Pour postuler, utiliser le lien suivant : https://emploi.entreprise.example");
                contact.put("commentaire", "Merci de joindre un CV et une lettre de motivation à votre candidature");
            }
            contact.put("urlRecruteur", "https://www.entreprise.example/recrutement");
            contact.put(
                    "urlPostulation",
                    "https://emploi.entreprise.example/%s/postuler"
                            .formatted(offer.get("id").asText()));
        }
        if (own && chance(0.5)) {
            ObjectNode agency = offer.putObject("agence");
            agency.put("telephone", telephone())
                    .put("courriel", "agence.%d@agence.example".formatted(random.nextInt(900)));
        }
    }

    private void addQualification(ObjectNode offer) {
        if (chance(0.3)) {
            offer.put("deplacementCode", "2").put("deplacementLibelle", "Ponctuels : Départemental");
        }
        if (chance(0.7)) {
            Coded qualification = pick(Vocabulary.QUALIFICATIONS);
            offer.put("qualificationCode", qualification.code());
            offer.put("qualificationLibelle", qualification.label());
        }
    }

    private void addSector(ObjectNode offer) {
        if (chance(0.75)) {
            Coded sector = pick(Vocabulary.SECTORS);
            offer.put("codeNAF", sector.code());
            offer.put("secteurActivite", sector.code().substring(0, 2));
            offer.put("secteurActiviteLibelle", sector.label());
        }
        if (chance(0.5)) {
            ArrayNode qualities = offer.putArray("qualitesProfessionnelles");
            for (int i = random.nextInt(3); i >= 0; i--) {
                Coded quality = pick(Vocabulary.QUALITIES);
                qualities.addObject().put("libelle", quality.code()).put("description", quality.label());
            }
        }
        if (chance(0.4)) {
            offer.put("trancheEffectifEtab", pick(Vocabulary.STAFF_SIZES));
        }
    }

    private ObjectNode origin(String id, String origine) {
        ObjectNode origin = object().put("origine", origine);
        origin.put("urlOrigine", "https://candidat.francetravail.fr/offres/recherche/detail/" + id);
        if (!origine.equals("1")) {
            int number = 1 + random.nextInt(30);
            ObjectNode partner = origin.putArray("partenaires").addObject();
            partner.put("nom", "PARTENAIRE_FICTIF_" + number);
            partner.put(
                    "url",
                    "https://www.partenaire-%d.example/offre/%s?utm_source=operateur&utm_campaign=fil-%d"
                            .formatted(number, id, number));
            partner.put("logo", "https://www.partenaire-%d.example/logo/partenaire80.png".formatted(number));
        }
        return origin;
    }

    /** Adds fields that the API gained over the years, and fields that it does not have yet. */
    private void addRecentFields(ObjectNode offer) {
        if (chance(0.6)) {
            offer.put("offresManqueCandidats", chance(0.2));
        }
        if (chance(0.5)) {
            ObjectNode context = offer.putObject("contexteTravail");
            context.putArray("horaires").add(pick(Vocabulary.WORKING_HOURS));
            if (chance(0.2)) {
                context.putArray("conditionsExercice")
                        .add("Station debout prolongée")
                        .add("Port de charges");
            }
        }
        if (chance(0.8)) {
            offer.put("entrepriseAdaptee", chance(0.02));
            offer.put("employeurHandiEngage", chance(0.05));
        }
        if (chance(0.05)) {
            ObjectNode unknown = offer.putObject("champInconnu");
            unknown.put("niveau", random.nextInt(5))
                    .putNull("précision")
                    .putArray("codes")
                    .add("é")
                    .add(1.5);
        }
    }

    private void makeHostile(ObjectNode offer) {
        String text = pick(Vocabulary.HOSTILE_TEXTS);
        offer.put("intitule", text);
        offer.put("description", text + "\n" + offer.get("description").asText());
        offer.putObject("entreprise").put("nom", text);
    }

    /** Returns a number of a range that is reserved for fictional use. */
    private String telephone() {
        return "01 99 00 %02d %02d".formatted(random.nextInt(100), random.nextInt(100));
    }

    /** Returns a value of the field {@code exigence}: E for required, S for desired. */
    private String requirement() {
        return chance(0.4) ? "E" : "S";
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
