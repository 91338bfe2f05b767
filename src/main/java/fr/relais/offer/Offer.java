package fr.relais.offer;

import com.fasterxml.jackson.core.StreamReadConstraints;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;

/**
 * A row of the table {@code offer}. Everything else is derived from {@code json}; derived text that is longer than
 * its column is cut, the JSON never.
 *
 * @param id the source's id
 * @param origine the origin under which it was read: {@code 1} the operator's own, {@code 2} a partner's
 * @param dateCreation as labelled by the source, or null
 * @param dateActualisation as labelled by the source, or null
 * @param json the JSON as received, byte for byte, in UTF-8
 * @param fingerprint SHA-256 of its canonical JSON, 32 bytes
 * @param digest SHA-256 of its bytes as received, 32 bytes
 * @param isNew true for an offer that the mirror did not have
 * @param sweepId the sweep that read it
 */
public record Offer(
        String id,
        String origine,
        LocalDateTime dateCreation,
        LocalDateTime dateActualisation,
        String intitule,
        String romeCode,
        String commune,
        String codePostal,
        String typeContrat,
        byte[] json,
        byte[] fingerprint,
        byte[] digest,
        boolean isNew,
        long sweepId) {

    /** Of the JSON that can be an offer, and has to be read by whoever shows it. */
    public static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder().maxNumberLength(10_000).build();

    /** The JSON as text. */
    public String content() {
        return new String(json, StandardCharsets.UTF_8);
    }

    Map<String, Object> row() {
        Map<String, Object> row = new HashMap<>();
        row.put("id", id);
        row.put("origine", origine);
        row.put("dateCreation", dateCreation);
        row.put("dateActualisation", dateActualisation);
        row.put("intitule", intitule);
        row.put("romeCode", romeCode);
        row.put("commune", commune);
        row.put("codePostal", codePostal);
        row.put("typeContrat", typeContrat);
        row.put("content", json);
        row.put("fingerprint", fingerprint);
        row.put("digest", digest);
        row.put("sweepId", sweepId);
        return row;
    }

    /** Nothing of its content, for a log is soon written. */
    @Override
    public String toString() {
        return "offer " + id;
    }
}
