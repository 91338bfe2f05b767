package fr.relais.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** A check of the entries of the ledger, one after the other, up to the first that is wrong. */
final class ChainCheck {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Anchor> known;
    private Anchor last = Anchor.START;
    private Verification.Fault fault;

    /** @param known an anchor that the chain must contain */
    ChainCheck(Optional<Anchor> known) {
        this.known = known;
    }

    /** Checks the next entry, unless an earlier one is wrong. */
    void next(LedgerEntry entry) {
        if (fault == null) {
            long expected = last.number() + 1;
            problem(entry, expected).ifPresent(problem -> fault = new Verification.Fault(expected, problem));
            last = entry.anchor();
        }
    }

    private Optional<String> problem(LedgerEntry entry, long expected) {
        if (entry.number() > expected) {
            return Optional.of("is missing");
        }
        if (entry.number() < expected) {
            return Optional.of("is not in its place, because another entry has the number " + entry.number());
        }
        if (!entry.hash().equals(DigestUtils.sha256Hex(entry.text()))) {
            return Optional.of("does not have the hash that was computed when it was written");
        }
        JsonNode json = parse(entry.text());
        if (json.path("number").asLong() != expected) {
            return Optional.of("was written as entry " + json.path("number").asText("?"));
        }
        if (!json.path("previous").asText().equals(last.hash())) {
            return Optional.of("does not follow entry " + last.number());
        }
        if (known.filter(anchor -> anchor.number() == expected && !anchor.hash().equals(entry.hash()))
                .isPresent()) {
            return Optional.of("is not the entry that had this number when its hash was noted elsewhere");
        }
        return Optional.empty();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** @param head the head that the ledger remembers apart from its entries */
    Verification end(Anchor head) {
        if (fault == null && !last.equals(head)) {
            fault = last.number() < head.number()
                    ? new Verification.Fault(last.number() + 1, "is missing")
                    : new Verification.Fault(
                            Math.min(last.number(), head.number() + 1), "is not the head that the ledger remembers");
        }
        if (fault == null
                && known.filter(anchor -> anchor.number() > last.number()).isPresent()) {
            fault = new Verification.Fault(
                    last.number() + 1,
                    "is missing, because entry " + known.get().number() + " was noted elsewhere");
        }
        return new Verification(last, Optional.ofNullable(fault));
    }
}
