package fr.relais.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.ledger.LedgerEntry;
import fr.relais.ledger.LedgerEntry.Kind;

/** The clauses of the licence with the states that the ledger recorded last. */
final class RecordedDuties {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode profile = JSON.createObjectNode();
    private LedgerEntry.Content states;
    private long number;

    /** @param number the number of the entry */
    void add(long number, LedgerEntry.Content entry) {
        if (entry.kind().equals(Kind.PROFILE.toString())) {
            profile = entry.data();
        } else if (entry.kind().equals(Kind.DUTIES.toString())) {
            states = entry;
            this.number = number;
        }
    }

    /**
     * Returns the file {@code duties.json}: the name of the profile, the number and the time of the entry with the
     * states, and the clauses of the profile, each with its state. The object is empty when no states were recorded.
     */
    ObjectNode json() {
        ObjectNode duties = JSON.createObjectNode();
        if (states == null) {
            return duties;
        }
        duties.put("profile", profile.path("name").asText());
        duties.put("entry", number);
        duties.put("at", states.at().toString());
        ArrayNode clauses = duties.putArray("clauses");
        JsonNode data = states.data();
        for (JsonNode recorded : profile.path("clauses")) {
            String id = recorded.path("id").asText();
            ObjectNode clause = clauses.addObject();
            recorded.properties().forEach(field -> clause.set(field.getKey(), field.getValue()));
            clause.set("state", data.path("states").get(id));
            if (data.path("breaksAt").has(id)) {
                clause.set("breaksAt", data.path("breaksAt").get(id));
            }
        }
        return duties;
    }
}
