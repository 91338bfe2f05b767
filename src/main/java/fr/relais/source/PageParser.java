package fr.relais.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A parser that finds the offers in the body of an answer to a search, in one pass and without building a tree. */
final class PageParser {

    /** The maximum size of an offer. A typical offer has 3.3 kB. */
    static final int MAX_OFFER_BYTES = 1_048_576;

    /** The maximum nesting depth of a value in an offer. Known offers are 4 levels deep. */
    static final int MAX_OFFER_DEPTH = 64;

    /** Has no limits, so that one unusable record does not fail its page. Limits are checked for each record. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // The source answers in UTF-8. In any other encoding the byte offsets below would be wrong.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private final byte[] body;
    /** The requested origin. If none was requested, the origin that the offer names, or null. */
    private String origine;

    private final List<ReceivedOffer> offers = new ArrayList<>(150);
    private final List<SetAside> setAside = new ArrayList<>(0);
    private final Map<String, Map<String, Integer>> facets = new HashMap<>();

    private PageParser(byte[] body, String origine) {
        this.body = body;
        this.origine = origine;
    }

    /**
     * Parses the body of an answer to a search.
     *
     * @param origine the requested origin
     * @param range the range that the answer announces, or null when it announces none (status 200)
     * @throws SourceException.Unavailable when the body is truncated, is not a search result in JSON, contradicts
     *     {@code range}, or contains offers of another origin
     */
    static Page parse(byte[] body, String origine, ContentRange range) {
        PageParser parser = new PageParser(body, origine);
        try (JsonParser json = JSON.createParser(body)) {
            parser.read(json);
        } catch (JsonProcessingException e) {
            // The message and the cause of this exception quote the answer, so neither is passed on.
            throw new SourceException.Unavailable("the answer is truncated or not JSON, at byte "
                    + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
        int found = parser.offers.size() + parser.setAside.size();
        int first = range == null ? 0 : range.first();
        int total = range == null ? found : range.total();
        int announced = range == null ? found : Math.min(range.last(), total - 1) - range.first() + 1;
        if (found == 0 || found != announced) {
            throw new SourceException.Unavailable("the answer announces " + announced + " offers from position " + first
                    + " of " + total + ", but contains " + found);
        }
        return new Page(first, total, parser.offers, parser.setAside, parser.facets);
    }

    /**
     * Parses the body of an answer that shows one offer.
     *
     * @throws SourceException.Unavailable when the body is truncated, or is not one usable offer in JSON
     */
    static OfferAnswer parseOffer(byte[] body) {
        PageParser parser = new PageParser(body, null);
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                parser.readOffer(json);
            }
            if (parser.offers.isEmpty() || json.nextToken() != null) {
                throw new SourceException.Unavailable("the answer is not one usable offer");
            }
        } catch (IOException e) {
            // The exception is not kept, because it may quote the answer.
            throw new SourceException.Unavailable("the answer is truncated or not JSON");
        }
        boolean isKnown = "1".equals(parser.origine) || "2".equals(parser.origine);
        return new OfferAnswer(200, parser.offers.get(0), isKnown ? parser.origine : null);
    }

    private void read(JsonParser json) throws IOException {
        boolean found = false;
        require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("resultats".equals(name)) {
                require(value == JsonToken.START_ARRAY);
                found = true;
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    readOffer(json);
                }
            } else if ("filtresPossibles".equals(name) && value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    readFacet(json);
                }
            } else {
                json.skipChildren();
            }
        }
        require(found && json.nextToken() == null);
    }

    private static void require(boolean isSearchResult) {
        if (!isSearchResult) {
            throw new SourceException.Unavailable("the answer is JSON, but not a search result");
        }
    }

    private void readOffer(JsonParser json) throws IOException {
        int start = (int) json.currentTokenLocation().getByteOffset();
        String id = null;
        String problem = "the record has no id";
        Instant created = null;
        boolean tooDeep = false;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> {
                        id = value == JsonToken.VALUE_STRING && OfferId.isValid(json.getText()) ? json.getText() : null;
                        problem = value == JsonToken.VALUE_STRING
                                ? "the id is not 1 to 64 letters, digits, dots, dashes or underscores"
                                : "the id is not text";
                        json.skipChildren();
                    }
                    case "dateCreation" -> {
                        created = value == JsonToken.VALUE_STRING ? instant(json.getText()) : null;
                        tooDeep |= skip(json);
                    }
                    case "origineOffre" -> tooDeep |= readOrigine(json);
                    default -> tooDeep |= skip(json);
                }
            }
        } else {
            problem = "the record is not an object";
            json.skipChildren();
        }
        // The end of a scalar is known only after its text was read. (A scalar has no id and is always set aside.)
        json.finishToken();
        int length = (int) json.currentLocation().getByteOffset() - start;
        if (length > MAX_OFFER_BYTES) {
            setAside.add(SetAside.of("the record is larger than 1 MB", body, start, length));
        } else if (tooDeep) {
            setAside.add(SetAside.of("the record is nested too deeply", body, start, length));
        } else if (id == null) {
            setAside.add(SetAside.of(problem, body, start, length));
        } else {
            offers.add(new ReceivedOffer(id, created, body, start, length));
        }
    }

    private boolean readOrigine(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return skip(json);
        }
        boolean tooDeep = false;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean isOrigine = "origine".equals(json.currentName());
            JsonToken value = json.nextToken();
            if (isOrigine && value == JsonToken.VALUE_STRING && origine == null) {
                origine = json.getText();
            } else if (isOrigine && value == JsonToken.VALUE_STRING && !origine.equals(json.getText())) {
                throw new SourceException.Unavailable("the answer contains an offer of another origin than " + origine
                        + ": the source ignores the parameter origineOffre");
            }
            tooDeep |= skip(json);
        }
        return tooDeep;
    }

    /** Skips a value. Returns true when the value is nested more deeply than {@link #MAX_OFFER_DEPTH}. */
    private static boolean skip(JsonParser json) throws IOException {
        if (!json.currentToken().isStructStart()) {
            return false;
        }
        int depth = 1;
        int deepest = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token.isStructStart()) {
                deepest = Math.max(deepest, ++depth);
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
        return deepest > MAX_OFFER_DEPTH;
    }

    private void readFacet(JsonParser json) throws IOException {
        String facet = null;
        Map<String, Integer> counts = new LinkedHashMap<>();
        require(json.currentToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("filtre".equals(name)) {
                facet = json.getText();
            } else if ("agregation".equals(name) && value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    readCount(json, counts);
                }
            } else {
                json.skipChildren();
            }
        }
        facets.put(facet, counts);
    }

    private static void readCount(JsonParser json, Map<String, Integer> counts) throws IOException {
        String value = null;
        int count = 0;
        require(json.currentToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if ("valeurPossible".equals(name)) {
                value = json.getText();
            } else if ("nbResultats".equals(name)) {
                count = json.getValueAsInt();
            } else {
                json.skipChildren();
            }
        }
        counts.put(value, count);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
