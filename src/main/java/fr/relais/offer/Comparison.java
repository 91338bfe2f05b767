package fr.relais.offer;

import fr.relais.database.UtcTime;
import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The comparison of a page with the mirror. */
public final class Comparison {

    /** Returns the ids of the page's offers, to be looked up in the mirror. */
    public Collection<String> ids(Page page) {
        return byId(page).keySet();
    }

    /**
     * Returns what the page changes in the mirror.
     *
     * @param known the mirror's rows {@code id, origine, digest, fingerprint} for {@link #ids}
     * @param origine the origin of the page's offers, or null to keep the origin that the mirror has for each of them
     * @param sweepId the sweep that read the page
     */
    public Changes changes(Page page, List<Map<String, Object>> known, String origine, long sweepId) {
        Map<Object, Map<String, Object>> mirror = new HashMap<>();
        known.forEach(row -> mirror.put(row.get("id"), row));
        SortedMap<String, ReceivedOffer> received = byId(page);
        List<Offer> changed = new ArrayList<>();
        List<SetAside> setAside = new ArrayList<>(page.setAside());
        for (ReceivedOffer offer : List.copyOf(received.values())) {
            Map<String, Object> row = mirror.get(offer.id());
            byte[] digest = offer.digest();
            String mirrored = row == null ? null : (String) row.get("origine");
            String actual = origine == null ? mirrored : origine;
            boolean sameOrigin = row != null && actual.equals(mirrored);
            if (sameOrigin && Arrays.equals(digest, (byte[]) row.get("digest"))) {
                continue;
            }
            try {
                byte[] json = offer.json();
                Map<String, Object> fields = Fingerprint.read(json);
                byte[] fingerprint = Fingerprint.of(fields);
                requireUtf8(json);
                if (!sameOrigin || !Arrays.equals(fingerprint, (byte[]) row.get("fingerprint"))) {
                    changed.add(offer(offer.id(), actual, fields, json, fingerprint, digest, row == null, sweepId));
                }
            } catch (IOException | RuntimeException e) {
                // The exception is not kept, because it may quote the offer.
                setAside.add(SetAside.of("the record cannot be read as JSON in UTF-8", offer));
                received.remove(offer.id());
            }
        }
        String seen = received.keySet().stream()
                // An id has no characters that need escaping, see OfferId.
                .map(id -> '"' + id + '"')
                .collect(Collectors.joining(",", "[", "]"));
        Page usable = new Page(page.first(), page.total(), List.copyOf(received.values()), setAside, page.facets());
        return new Changes(setAside.size() == page.setAside().size() ? page : usable, changed, seen);
    }

    /** Rejects invalid UTF-8: a JSON parser may accept it inside strings, but the database does not. */
    private static void requireUtf8(byte[] json) throws IOException {
        String text = new String(json, StandardCharsets.UTF_8);
        // Invalid bytes are decoded as this character, but it may also be part of a valid text.
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(json, text.getBytes(StandardCharsets.UTF_8))) {
            throw new IOException("not UTF-8");
        }
    }

    /** Returns the offers sorted by id. When an id occurs twice on the page, the later offer is used. */
    private static SortedMap<String, ReceivedOffer> byId(Page page) {
        SortedMap<String, ReceivedOffer> offers = new TreeMap<>();
        page.offers().forEach(offer -> offers.put(offer.id(), offer));
        return offers;
    }

    private static Offer offer(
            String id,
            String origine,
            Map<String, Object> fields,
            byte[] json,
            byte[] fingerprint,
            byte[] digest,
            boolean isNew,
            long sweepId) {
        Map<?, ?> place = fields.get("lieuTravail") instanceof Map<?, ?> map ? map : Map.of();
        return new Offer(
                id,
                origine,
                dateTime(fields.get("dateCreation")),
                dateTime(fields.get("dateActualisation")),
                text(fields.get("intitule"), 500),
                text(fields.get("romeCode"), 20),
                text(place.get("commune"), 20),
                text(place.get("codePostal"), 20),
                text(fields.get("typeContrat"), 20),
                json,
                fingerprint,
                digest,
                isNew,
                sweepId);
    }

    /** Returns a scalar as text of at most {@code limit} characters, or null. */
    private static String text(Object value, int limit) {
        if (value == null || value instanceof Map || value instanceof List) {
            return null;
        }
        String text = value.toString();
        return text.codePointCount(0, text.length()) <= limit
                ? text
                : text.substring(0, text.offsetByCodePoints(0, limit));
    }

    /** Returns the date in UTC, or null when it is missing, unreadable or outside the range of the column. */
    private static LocalDateTime dateTime(Object value) {
        try {
            LocalDateTime time = value instanceof String text ? UtcTime.of(Instant.parse(text)) : null;
            return time != null && time.getYear() >= 1000 && time.getYear() <= 9999 ? time : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
