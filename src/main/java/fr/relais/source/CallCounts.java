package fr.relais.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** An interceptor that counts the calls to the source, including those for a token, by the status of the answer. */
public final class CallCounts implements ExecChainHandler {

    /** Stands for a call without a complete answer. */
    private static final String NONE = "none";

    private static final String OTHER = "other";

    /** All values of the tag: a fixed list, so that the source cannot create values. Other statuses count as one. */
    public static final List<String> STATUSES = List.of(
            "200", "204", "206", "400", "401", "403", "404", "410", "429", "500", "502", "503", "504", OTHER, NONE);

    private final Map<String, LongAdder> counts =
            STATUSES.stream().collect(Collectors.toMap(Function.identity(), status -> new LongAdder()));

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        String status = NONE;
        try {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            status = Integer.toString(answer.getCode());
            return answer;
        } finally {
            counts.getOrDefault(status, counts.get(OTHER)).increment();
        }
    }

    /**
     * Returns the number of calls since the start of the process.
     *
     * @param status one of {@link #STATUSES}
     */
    public long count(String status) {
        return counts.get(status).sum();
    }
}
