package fr.relais.sweep;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry;
import fr.relais.ledger.LedgerEntry.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The certificates of the proved sweeps. A certificate says what a sweep has read, and has the Merkle root of the
 * mirror that the sweep has left behind. It contains neither the content nor the id of an offer. Its SHA-256 is in the
 * ledger.
 */
public final class Certificates {

    private static final int FETCH_SIZE = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcClient jdbc;
    private final Ledger ledger;

    /**
     * A stored certificate.
     *
     * @param text one line of JSON
     */
    private record Certificate(long sweepId, String text) {}

    public Certificates(JdbcClient jdbc, Ledger ledger) {
        this.jdbc = jdbc;
        this.ledger = ledger;
    }

    /**
     * Returns the root over all offers in the order of their ids. The leaf of an offer is its id, a space and its
     * fingerprint in hexadecimal. A single statement reads the offers, so that it sees the mirror at one moment.
     */
    MirrorRoot mirrorRoot() {
        MerkleTree tree = new MerkleTree();
        jdbc.sql("select id, fingerprint from offer order by id")
                .withFetchSize(FETCH_SIZE)
                .query(row -> {
                    String leaf = row.getString("id") + " " + Hex.encodeHexString(row.getBytes("fingerprint"));
                    tree.add(leaf.getBytes(US_ASCII));
                });
        return new MirrorRoot(tree.leaves(), Hex.encodeHexString(tree.root()));
    }

    /**
     * Stores the certificate of a sweep that has just been proved. Must be called in the transaction that ends the
     * sweep.
     *
     * @param root the root of the mirror since the last write of the sweep
     * @return the SHA-256 of the certificate
     */
    String store(SweepSummary sweep, List<String> origines, MirrorRoot root) {
        String text = write(sweep, origines, root);
        String sha256 = DigestUtils.sha256Hex(text);
        jdbc.sql("insert into certificate (sweep_id, text, sha256) values (:sweep, :text, :sha256)")
                .param("sweep", sweep.id())
                .param("text", text)
                .param("sha256", sha256)
                .update();
        return sha256;
    }

    private String write(SweepSummary sweep, List<String> origines, MirrorRoot root) {
        List<Map<String, Object>> slices = jdbc.sql("""
                select origine, created_from, created_to, facets, state, total, read_from, read_to
                from slice where sweep_id = :sweep order by id""")
                .param("sweep", sweep.id())
                .query((row, number) -> slice(row))
                .list();
        Map<String, Object> certificate = new LinkedHashMap<>();
        certificate.put("sweep", sweep.id());
        certificate.put("startedAt", sweep.startedAt().toString());
        certificate.put("endedAt", sweep.endedAt().toString());
        certificate.put("origines", origines);
        certificate.put("slices", slices);
        certificate.put(
                "total",
                slices.stream()
                        .filter(slice -> slice.get("state").equals("proved"))
                        .mapToLong(slice -> (int) slice.get("total"))
                        .sum());
        certificate.put("counts", sweep.counts());
        certificate.put("offers", root.offers());
        certificate.put("root", root.hash());
        try {
            return JSON.writeValueAsString(certificate);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a certificate has only numbers and texts", e);
        }
    }

    private static Map<String, Object> slice(ResultSet row) throws SQLException {
        Map<String, Object> slice = new LinkedHashMap<>();
        slice.put("origine", row.getString("origine"));
        slice.put("createdFrom", iso(UtcTime.instant(row, "created_from")));
        slice.put("createdTo", iso(UtcTime.instant(row, "created_to")));
        slice.put("facets", row.getString("facets"));
        slice.put("state", row.getString("state"));
        slice.put("total", row.getObject("total", Integer.class));
        slice.put("readFrom", iso(UtcTime.instant(row, "read_from")));
        slice.put("readTo", iso(UtcTime.instant(row, "read_to")));
        return slice;
    }

    private static String iso(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /**
     * Compares the mirror with the certificate of the newest proved sweep, and that certificate with the ledger. Reads
     * the whole mirror, so it takes seconds for a large one.
     */
    public MirrorCheck verifyMirror() {
        Optional<Certificate> newest = newest();
        if (newest.isEmpty()) {
            return new MirrorCheck(MirrorCheck.Outcome.NO_CERTIFICATE, null);
        }
        Certificate certificate = newest.get();
        if (isLastSweep(certificate.sweepId())) {
            MirrorCheck.Outcome outcome = compare(certificate);
            // A sweep may have begun during the comparison.
            if (isLastSweep(certificate.sweepId())) {
                return new MirrorCheck(outcome, certificate.sweepId());
            }
        }
        return new MirrorCheck(MirrorCheck.Outcome.LATER_SWEEP, certificate.sweepId());
    }

    private boolean isLastSweep(long id) {
        return jdbc.sql("select not exists (select 1 from sweep where id > :id)")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    private MirrorCheck.Outcome compare(Certificate certificate) {
        Optional<LedgerEntry> recorded = ledger.last(Kind.SWEEP)
                .filter(entry -> entry.data().path("sweep").asLong() == certificate.sweepId())
                .filter(entry ->
                        entry.data().path("certificate").asText().equals(DigestUtils.sha256Hex(certificate.text())));
        if (recorded.isEmpty()) {
            return MirrorCheck.Outcome.FORGED;
        }
        long number = recorded.get().number();
        if (ledger.last(Kind.WIPE).filter(wipe -> wipe.number() > number).isPresent()) {
            return MirrorCheck.Outcome.WIPED;
        }
        return mirrorRoot().equals(root(certificate)) && isContentAsReceived()
                ? MirrorCheck.Outcome.EQUAL
                : MirrorCheck.Outcome.DIFFERENT;
    }

    /** The root is computed from the fingerprints, and not from the content itself. */
    private boolean isContentAsReceived() {
        return jdbc.sql("select not exists (select 1 from offer where digest <> unhex(sha2(content, 256)))")
                .query(Boolean.class)
                .single();
    }

    private static MirrorRoot root(Certificate certificate) {
        try {
            JsonNode json = JSON.readTree(certificate.text());
            return new MirrorRoot(
                    json.path("offers").asLong(), json.path("root").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a certificate whose hash is in the ledger is JSON", e);
        }
    }

    /** Returns the certificate of a sweep; empty when it has none or the retention of sweeps has deleted it. */
    public Optional<String> text(long sweepId) {
        return jdbc.sql("select text from certificate where sweep_id = :sweep")
                .param("sweep", sweepId)
                .query(String.class)
                .optional();
    }

    private Optional<Certificate> newest() {
        return jdbc.sql("select sweep_id, text from certificate order by sweep_id desc limit 1")
                .query(Certificate.class)
                .optional();
    }
}
