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

/** Finds the offers in the body of a search answer, in one pass and without building a tree. */
final class PageParser {

    /** An offer is about 3.3 kB; what exceeds this is no offer. */
    static final int MAX_OFFER_BYTES = 1_048_576;

    /** Known offers are 4 levels deep. */
    static final int MAX_OFFER_DEPTH = 64;

    /** Limits on one record must not fail its page, so the parser has none: they are checked record by record. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // The source answers in UTF-8; in another encoding the offsets below would be those of other bytes.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private final byte[] body;
    private final String origine;
    private final List<ReceivedOffer> offers = new ArrayList<>(150);
    private final List<SetAside> setAside = new ArrayList<>(0);
    private final Map<String, Map<String, Integer>> facets = new HashMap<>();

    private PageParser(byte[] body, String origine) {
        this.body = body;
        this.origine = origine;
    }

    /**
     * @param origine the origin that was asked for
     * @param range what the answer says it holds, or null when it says nothing (status 200)
     * @throws SourceException.Unavailable when the body is cut, is not the JSON of a search answer, contradicts {@code
     *     range}, or holds offers of another origin
     */
    static Page parse(byte[] body, String origine, ContentRange range) {
        PageParser page = new PageParser(body, origine);
        try (JsonParser json = JSON.createParser(body)) {
            page.read(json);
        } catch (JsonProcessingException e) {
            // Neither the message nor the cause: both quote the answer.
            throw new SourceException.Unavailable("the answer is not JSON, or is cut, at byte "
                    + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory cannot fail", e);
        }
        int found = page.offers.size() + page.setAside.size();
        int first = range == null ? 0 : range.first();
        int total = range == null ? found : range.total();
        int announced = range == null ? found : Math.min(range.last(), total - 1) - range.first() + 1;
        if (found == 0 || found != announced) {
            throw new SourceException.Unavailable("the answer announces " + announced + " offers at " + first + " of "
                    + total + " and holds " + found);
        }
        return new Page(first, total, page.offers, page.setAside, page.facets);
    }

    /** The id of a single offer; null when there is none, or when the body is no JSON object. */
    static String id(byte[] body) {
        String id = null;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean isId = "id".equals(json.currentName());
                    if (json.nextToken() == JsonToken.VALUE_STRING && isId) {
                        id = json.getText();
                    }
                    json.skipChildren();
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null ? id : null;
        } catch (IOException e) {
            return null;
        }
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

    private static void require(boolean shape) {
        if (!shape) {
            throw new SourceException.Unavailable("the answer is JSON, but not that of a search");
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
        // A scalar's end is known only once its text has been read; it has no id and is set aside in any case.
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
            boolean origin = "origine".equals(json.currentName());
            JsonToken value = json.nextToken();
            if (origin && value == JsonToken.VALUE_STRING && !origine.equals(json.getText())) {
                throw new SourceException.Unavailable("origin " + origine
                        + " was asked for and another came: the source ignores the parameter origineOffre");
            }
            tooDeep |= skip(json);
        }
        return tooDeep;
    }

    /** Skips a value; true when it is nested more deeply than an offer may be. */
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
