package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One fault on one call: what the client gets in place of the true answer, or made of it. */
final class Disturbance {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CONTENT_RANGE = Pattern.compile("offres (\\d+)-(\\d+)/(\\d+)");
    private static final String HTML_TYPE = "text/html;charset=UTF-8";
    private static final String JSON_TYPE = "application/json;charset=UTF-8";
    private static final String PAGE =
            "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Service indisponible</body></html>";
    private static final String[] RETRY_AFTER = {"0", "1", "Thu, 01 Jan 2015 00:00:00 GMT", "plus tard"};
    private static final int DEPTH = 100_000;
    private static final int MOST_OFF = 5;

    private final FaultKind kind;
    private final Call call;
    private final Truth truth;
    private final Random random;
    private Answer trueAnswer;

    Disturbance(FaultKind kind, Call call, Truth truth, Random random) {
        this.kind = kind;
        this.call = call;
        this.truth = truth;
        this.random = random;
    }

    /** The fault; empty if the true answer leaves nothing to alter. */
    Optional<Reply> reply() {
        return switch (kind) {
            case ERROR_JSON ->
                Optional.of(Answer.of(500, JSON_TYPE, "{\"codeErreur\":\"50000\",\"message\":\"Erreur interne\"}"));
            case ERROR_HTML -> Optional.of(Answer.of(500, HTML_TYPE, PAGE));
            case BAD_GATEWAY -> Optional.of(Answer.of(502, HTML_TYPE, PAGE));
            case UNAVAILABLE -> Optional.of(Answer.empty(503));
            case BUSY ->
                Optional.of(Answer.of(429, "text/plain", "Too Many Requests")
                        .with("Retry-After", RETRY_AFTER[random.nextInt(RETRY_AFTER.length)]));
            case HANG -> Optional.of(Replies.held(Faults.LONGEST_HANG));
            case SLOW -> Optional.of(Replies.dripped(trueAnswer(), Duration.ofMillis(200 + random.nextInt(301))));
            case ENDLESS ->
                Optional.of(Replies.endless(Answer.of(200, JSON_TYPE, "{\"resultats\":["), Faults.LONGEST_BODY));
            case RESET -> withBody().map(Replies::dropped);
            case CUT -> withBody().map(this::cut);
            case EMPTY -> Optional.of(empty());
            case LYING_EMPTY -> page().map(page -> OffersEndpoint.nothingFound());
            case DENIAL ->
                Optional.of(call.kind() == Call.Kind.SEARCH ? OffersEndpoint.nothingFound() : Answer.empty(204));
            case WRONG_TOTAL -> page().map(this::withWrongTotal);
            case MISSING_PAGE -> page().map(this::withoutOffers);
            case REPEATED_PAGE -> page().flatMap(this::withOtherOffers);
            case MALFORMED -> page().flatMap(this::withMalformedOffer);
            case HTML -> Optional.of(Answer.of(200, HTML_TYPE, PAGE));
            case TOKEN_EXPIRED -> {
                truth.revokeTokens();
                yield Optional.of(trueAnswer());
            }
            case UNAUTHORIZED -> Optional.of(Answer.empty(401).with("WWW-Authenticate", "Bearer"));
            case FORBIDDEN -> Optional.of(Answer.empty(403));
            case DEEP ->
                withBody().filter(answer -> answer.body().get(0)[0] == '{').map(this::deepened);
            case REFUSED_CREDENTIALS -> Optional.of(TokenEndpoint.refusedCredentials());
        };
    }

    /** What the simulator answers undisturbed; it is asked once at most, since that counts against the rate. */
    Answer trueAnswer() {
        if (trueAnswer == null) {
            trueAnswer = truth.answer(call);
        }
        return trueAnswer;
    }

    private Optional<Answer> withBody() {
        return Optional.of(trueAnswer())
                .filter(answer -> answer.status() == 200 || answer.status() == 206)
                .filter(answer -> !answer.body().isEmpty());
    }

    private Answer cut(Answer answer) {
        byte[] bytes = answer.bytes();
        return answer.withBody(List.of(Arrays.copyOf(bytes, bytes.length / 2)));
    }

    private Answer deepened(Answer answer) {
        byte[] bytes = answer.bytes();
        String before = "{\"profondeur\":" + "[".repeat(DEPTH) + "]".repeat(DEPTH) + ",";
        return answer.withBody(List.of(before.getBytes(UTF_8), Arrays.copyOfRange(bytes, 1, bytes.length)));
    }

    private Answer empty() {
        if (call.kind() != Call.Kind.SEARCH || random.nextBoolean()) {
            return Answer.empty(200);
        }
        return Answer.of(206, JSON_TYPE, "{\"resultats\":[],\"filtresPossibles\":[]}")
                .with("Content-Range", "offres */0");
    }

    /** The true answer, if it is that of a search and has offers. */
    private Optional<Page> page() {
        Answer answer = trueAnswer();
        return SearchBody.of(answer).map(body -> {
            Matcher range = CONTENT_RANGE.matcher(answer.headers().get("Content-Range"));
            if (!range.matches()) {
                throw new IllegalStateException("offers without a range");
            }
            return new Page(
                    answer,
                    body,
                    Integer.parseInt(range.group(1)),
                    Integer.parseInt(range.group(2)),
                    Integer.parseInt(range.group(3)));
        });
    }

    private Answer withWrongTotal(Page page) {
        int off = 1 + random.nextInt(MOST_OFF);
        // A total that the page itself exceeds would be another fault.
        boolean less = random.nextBoolean() && page.total() - off > page.last();
        int total = less ? page.total() - off : page.total() + off;
        return page.answer().with("Content-Range", "offres %d-%d/%d".formatted(page.first(), page.last(), total));
    }

    private Answer withoutOffers(Page page) {
        List<byte[]> left = new ArrayList<>(page.body().offers());
        int one = random.nextInt(left.size());
        if (random.nextBoolean()) {
            left.remove(one);
        } else {
            left.clear();
        }
        return page.with(left);
    }

    private Optional<Answer> withOtherOffers(Page page) {
        int count = page.body().offers().size();
        int first = page.first() >= count ? page.first() - count : page.last() + 1;
        Answer other = truth.answer(call.with("range", first + "-" + (first + count - 1)));
        return SearchBody.of(other)
                .filter(body -> body.offers().size() == count)
                .map(body -> page.with(body.offers()));
    }

    private Optional<Answer> withMalformedOffer(Page page) {
        List<byte[]> offers = new ArrayList<>(page.body().offers());
        int one = random.nextInt(offers.size());
        int way = random.nextInt(4);
        return object(offers.get(one)).map(offer -> {
            offers.set(one, malformed(offer, way));
            return page.with(offers);
        });
    }

    private byte[] malformed(ObjectNode offer, int way) {
        return switch (way) {
            case 0 -> bytes(offer.without("id"));
            case 1 -> bytes(offer.put("id", random.nextInt(10_000_000)));
            case 2 -> "\"illisible\"".getBytes(UTF_8);
            default -> withBrokenText(offer);
        };
    }

    /** A sequence of two bytes that lacks its second. */
    private static byte[] withBrokenText(ObjectNode offer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"abrege\":\"caf".getBytes(UTF_8));
        bytes.write(0xC3);
        bytes.writeBytes("\",".getBytes(UTF_8));
        byte[] whole = bytes(offer);
        bytes.write(whole, 1, whole.length - 1);
        return bytes.toByteArray();
    }

    private static byte[] bytes(Object json) {
        return json.toString().getBytes(UTF_8);
    }

    /** A record as it should be; one that was planted to be unusable is left as it is. */
    private static Optional<ObjectNode> object(byte[] json) {
        try {
            return JSON.readTree(json) instanceof ObjectNode object && object.has("id")
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A true page, and what its Content-Range says. */
    private record Page(Answer answer, SearchBody body, int first, int last, int total) {

        /** The same answer with other offers. */
        Answer with(List<byte[]> offers) {
            return answer.withBody(new SearchBody(offers, body.facets()).parts());
        }
    }
}
