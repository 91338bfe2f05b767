package fr.relais.offer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The SHA-256 of an offer's canonical JSON: keys sorted, no white space, strings unescaped as far as JSON allows,
 * numbers in full precision. Two JSON texts with the same fingerprint have the same content.
 */
final class Fingerprint {

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(Offer.LIMITS)
                    .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectWriter CANONICAL = JSON.writer().with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private Fingerprint() {}

    /** Reads the offer as maps, lists and scalars. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(byte[] json) throws IOException {
        return JSON.readValue(json, Map.class);
    }

    static byte[] of(Map<String, Object> offer) throws IOException {
        return DigestUtils.sha256(CANONICAL.writeValueAsBytes(offer));
    }
}
