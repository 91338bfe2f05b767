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

/** The effect of one fault on one call: a reply in place of the true answer, or an altered true answer. */
final class Disturbance {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CONTENT_RANGE = Pattern.compile("offres (\\d+)-(\\d+)/(\\d+)");
    private static final String HTML_TYPE = "text/html;charset=UTF-8";
    private static final String JSON_TYPE = "application/json;charset=UTF-8";
    private static final String HTML_PAGE =
            "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Service indisponible</body></html>";
    private static final String[] RETRY_AFTER = {"0", "1", "Thu, 01 Jan 2015 00:00:00 GMT", "plus tard"};
    private static final int DEPTH = 100_000;
    private static final int MAX_TOTAL_ERROR = 5;

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

    /** Returns the faulty reply; empty when the true answer contains nothing that the fault can alter. */
    Optional<Reply> reply() {
        return switch (kind) {
            case ERROR_JSON ->
                Optional.of(Answer.of(500, JSON_TYPE, "{\"codeErreur\":\"50000\",\"message\":\"Erreur interne\"}"));
            case ERROR_HTML -> Optional.of(Answer.of(500, HTML_TYPE, HTML_PAGE));
            case BAD_GATEWAY -> Optional.of(Answer.of(502, HTML_TYPE, HTML_PAGE));
            case UNAVAILABLE -> Optional.of(Answer.empty(503));
            case BUSY ->
                Optional.of(Answer.of(429, "text/plain", "Too Many Requests")
                        .with("Retry-After", RETRY_AFTER[random.nextInt(RETRY_AFTER.length)]));
            case HANG -> Optional.of(Replies.hanging(Faults.LONGEST_HANG));
            case SLOW -> Optional.of(Replies.dripped(trueAnswer(), Duration.ofMillis(200 + random.nextInt(301))));
            case ENDLESS ->
                Optional.of(Replies.endless(Answer.of(200, JSON_TYPE, "{\"resultats\":["), Faults.LONGEST_BODY));
            case RESET -> withData().map(Replies::dropped);
            case TRUNCATED -> withData().map(this::truncated);
            case EMPTY -> Optional.of(empty());
            case FALSELY_EMPTY -> page().map(page -> OffersEndpoint.nothingFound());
            case DENIAL ->
                Optional.of(call.kind() == Call.Kind.SEARCH ? OffersEndpoint.nothingFound() : Answer.empty(204));
            case WRONG_TOTAL -> page().map(this::withWrongTotal);
            case MISSING_OFFERS -> page().map(this::withoutOffers);
            case OTHER_PAGE -> page().flatMap(this::withOtherOffers);
            case MALFORMED -> page().flatMap(this::withMalformedOffer);
            case HTML -> Optional.of(Answer.of(200, HTML_TYPE, HTML_PAGE));
            case TOKEN_EXPIRED -> {
                truth.revokeTokens();
                yield Optional.of(trueAnswer());
            }
            case UNAUTHORIZED -> Optional.of(Answer.empty(401).with("WWW-Authenticate", "Bearer"));
            case FORBIDDEN -> Optional.of(Answer.empty(403));
            case DEEPLY_NESTED ->
                withData().filter(answer -> answer.body().get(0)[0] == '{').map(this::deeplyNested);
            case REFUSED_CREDENTIALS -> Optional.of(TokenEndpoint.refusedCredentials());
        };
    }

    /** Returns the simulator's own answer. It is requested at most once, because it counts against the rate limit. */
    Answer trueAnswer() {
        if (trueAnswer == null) {
            trueAnswer = truth.answer(call);
        }
        return trueAnswer;
    }

    private Optional<Answer> withData() {
        return Optional.of(trueAnswer())
                .filter(answer -> answer.status() == 200 || answer.status() == 206)
                .filter(answer -> !answer.body().isEmpty());
    }

    private Answer truncated(Answer answer) {
        byte[] bytes = answer.bytes();
        return answer.withBody(List.of(Arrays.copyOf(bytes, bytes.length / 2)));
    }

    private Answer deeplyNested(Answer answer) {
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

    /** Returns the true answer as a page; empty unless it is the answer to a search and contains offers. */
    private Optional<Page> page() {
        Answer answer = trueAnswer();
        return SearchBody.of(answer).map(body -> {
            Matcher range = CONTENT_RANGE.matcher(answer.headers().get("Content-Range"));
            if (!range.matches()) {
                throw new IllegalStateException("the answer contains offers but no Content-Range in the expected form");
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
        int error = 1 + random.nextInt(MAX_TOTAL_ERROR);
        // A total below the last position of the page would be a different fault.
        boolean less = random.nextBoolean() && page.total() - error > page.last();
        int total = less ? page.total() - error : page.total() + error;
        return page.answer().with("Content-Range", "offres %d-%d/%d".formatted(page.first(), page.last(), total));
    }

    private Answer withoutOffers(Page page) {
        List<byte[]> remaining = new ArrayList<>(page.body().offers());
        int index = random.nextInt(remaining.size());
        if (random.nextBoolean()) {
            remaining.remove(index);
        } else {
            remaining.clear();
        }
        return page.with(remaining);
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
        int index = random.nextInt(offers.size());
        int variant = random.nextInt(4);
        return usableOffer(offers.get(index)).map(offer -> {
            offers.set(index, malformed(offer, variant));
            return page.with(offers);
        });
    }

    private byte[] malformed(ObjectNode offer, int variant) {
        return switch (variant) {
            case 0 -> bytes(offer.without("id"));
            case 1 -> bytes(offer.put("id", random.nextInt(10_000_000)));
            case 2 -> "\"illisible\"".getBytes(UTF_8);
            default -> withInvalidUtf8(offer);
        };
    }

    /** Returns the offer with a text that contains only the first byte of a two-byte character. */
    private static byte[] withInvalidUtf8(ObjectNode offer) {
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

    /** Parses a record; empty when the base contains a record that is unusable already. */
    private static Optional<ObjectNode> usableOffer(byte[] json) {
        try {
            return JSON.readTree(json) instanceof ObjectNode object && object.has("id")
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A true page with the positions and the total of its Content-Range. */
    private record Page(Answer answer, SearchBody body, int first, int last, int total) {

        /** Returns the answer with other offers. */
        Answer with(List<byte[]> offers) {
            return answer.withBody(new SearchBody(offers, body.facets()).parts());
        }
    }
}
