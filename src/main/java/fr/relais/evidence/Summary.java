package fr.relais.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import fr.relais.changelog.MethodVersion;
import fr.relais.ledger.LedgerEntry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The summary of an audit pack: one page of HTML in French, which needs no other file. */
final class Summary {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm").withZone(PARIS);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(PARIS);

    /** The names of the states in entries. Another state is shown as it is. */
    private static final Map<String, String> STATES = Map.of(
            "approved", "approuvées",
            "refused", "refusées",
            "prepared", "arrêté",
            "accepted", "accepté par le serveur de messagerie",
            "confirmed", "retrouvé dans une boîte aux lettres",
            "failed", "rejeté");

    private static final Map<String, String> DUTIES = Map.of(
            "met", "respectée",
            "at-risk", "à risque",
            "broken", "non respectée",
            "not-configured", "non configurée",
            "not-applicable", "sans objet");

    private static final Map<String, String> KINDS = Map.of(
            "account", "Compte",
            "key", "Clé",
            "licence", "Licence",
            "restore", "Restauration",
            "wipe", "Effacement",
            "self-audit", "Contrôle");

    private final Map<String, Month> months = new TreeMap<>();
    private final StringBuilder removals = new StringBuilder();
    private final StringBuilder reports = new StringBuilder();
    private final StringBuilder methods = new StringBuilder();
    private final StringBuilder others = new StringBuilder();
    private Instant first;
    private long publications;
    private int certificates;

    /** The sweeps that ended in one month. */
    private static final class Month {
        private int proved;
        private int held;
        private int incomplete;
        private int abandoned;
        private long created;
        private long updated;
        private long removed;
    }

    /** @param number the number of the entry */
    void add(long number, LedgerEntry.Content entry) {
        first = first == null ? entry.at() : first;
        JsonNode data = entry.data();
        String time = TIME.format(entry.at());
        switch (entry.kind()) {
            case "sweep" -> addSweep(months.computeIfAbsent(MONTH.format(entry.at()), any -> new Month()), data);
            case "removals" ->
                removals.append(row(
                        time,
                        text(data, "sweep"),
                        state(data, "decision"),
                        text(data, "candidates"),
                        text(data, "person")));
            case "report" -> {
                String detail = text(data, "reply") + text(data, "reason") + text(data, "resentBy");
                reports.append(row(time, text(data, "month"), state(data, "state"), detail, text(data, "sha256")));
            }
            case "publication" -> publications++;
            case "settings" -> others.append(row(time, "Réglages", "enregistrés : voir l’entrée " + number));
            case "profile" -> others.append(row(time, "Profil de la licence", text(data, "name")));
            case "duties" -> others.append(row(time, "Obligations", "états enregistrés : voir l’entrée " + number));
            default -> others.append(row(time, KINDS.getOrDefault(entry.kind(), entry.kind()), facts(entry)));
        }
    }

    private static void addSweep(Month month, JsonNode data) {
        switch (data.path("state").asText()) {
            case "proved" -> month.proved++;
            case "held" -> month.held++;
            case "incomplete" -> month.incomplete++;
            default -> month.abandoned++;
        }
        // A held sweep that is approved ends again, with the same counts and those of the removals.
        if (!data.path("state").asText().equals("held")) {
            month.created += data.at("/counts/created").asLong();
            month.updated += data.at("/counts/updated").asLong();
            month.removed += data.at("/counts/removed").asLong()
                    + data.at("/counts/outOfScope").asLong();
        }
    }

    void add(MethodVersion version) {
        methods.append(row(Integer.toString(version.number()), TIME.format(version.since()), version.sha256()));
    }

    void countCertificate() {
        certificates++;
    }

    int certificates() {
        return certificates;
    }

    /**
     * Returns the page.
     *
     * @param until the instant of the pack, or null when the ledger is empty
     * @param last the last entry of the pack, or null when the ledger is empty
     * @param duties see {@link RecordedDuties#json}
     */
    String html(Instant until, LedgerEntry last, JsonNode duties) throws IOException {
        StringBuilder sweeps = new StringBuilder();
        months.forEach((name, month) -> sweeps.append(row(
                name,
                Integer.toString(month.proved),
                Integer.toString(month.held),
                Integer.toString(month.incomplete),
                Integer.toString(month.abandoned),
                Long.toString(month.created),
                Long.toString(month.updated),
                Long.toString(month.removed))));
        return AuditPack.resource("summary.html")
                .replace("{{until}}", until == null ? "" : until.toString())
                .replace("{{first}}", first == null ? "" : TIME.format(first))
                .replace("{{entries}}", last == null ? "0" : Long.toString(last.number()))
                .replace("{{head}}", last == null ? "" : escape(last.anchor().toString()))
                .replace("{{certificates}}", Integer.toString(certificates))
                .replace("{{publications}}", Long.toString(publications))
                .replace("{{profile}}", escape(text(duties, "profile")))
                .replace("{{recorded}}", duties.has("at") ? escape(time(text(duties, "at"))) : "–")
                .replace("{{duties}}", duties(duties))
                .replace("{{sweeps}}", sweeps)
                .replace("{{removals}}", removals)
                .replace("{{reports}}", reports)
                .replace("{{methods}}", methods)
                .replace("{{others}}", others);
    }

    private static StringBuilder duties(JsonNode duties) {
        StringBuilder rows = new StringBuilder();
        for (JsonNode clause : duties.path("clauses")) {
            rows.append(row(
                    text(clause, "article"),
                    text(clause, "duty"),
                    state(clause),
                    text(clause, "mechanism"),
                    text(clause, "evidence")));
        }
        return rows;
    }

    /** Returns the state of a clause, with the moment at which it breaks or the reason why it does not apply. */
    private static String state(JsonNode clause) {
        JsonNode exemption = clause.path("notApplicable");
        String state = DUTIES.getOrDefault(text(clause, "state"), text(clause, "state"));
        if (clause.has("breaksAt")) {
            return state + " jusqu’au " + time(text(clause, "breaksAt"));
        }
        return exemption.isMissingNode()
                ? state
                : state + " : " + text(exemption, "reason") + " (" + text(exemption, "author") + ", "
                        + text(exemption, "date") + ")";
    }

    /** Returns a time in the form of the page, or the text itself when somebody has made it unreadable. */
    private static String time(String text) {
        try {
            return TIME.format(Instant.parse(text));
        } catch (DateTimeException e) {
            return text;
        }
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder("<tr>");
        for (String cell : cells) {
            row.append("<td>").append(escape(cell)).append("</td>");
        }
        return row.append("</tr>\n").toString();
    }

    private static String text(JsonNode data, String name) {
        return data.hasNonNull(name) ? data.path(name).asText() : "";
    }

    private static String state(JsonNode data, String name) {
        return STATES.getOrDefault(text(data, name), text(data, name));
    }

    /** Returns the facts of an entry as text, such as {@code name: anna, role: OPERATOR}. */
    private static String facts(LedgerEntry.Content entry) {
        return entry.facts().entrySet().stream()
                .map(fact -> fact.getKey() + " : " + fact.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
