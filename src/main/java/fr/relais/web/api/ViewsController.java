package fr.relais.web.api;

import fr.relais.budget.Budget;
import fr.relais.settings.Settings;
import fr.relais.views.RejectedView;
import fr.relais.views.Views;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FluentProducerTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that receives views from a site that shows offers. */
@RestController
class ViewsController {

    private static final int LARGEST_BODY = 1024 * 1024;

    private final FluentProducerTemplate producer;
    private final int requestsPerMinute;

    /** The buckets of the API keys that have reported views, by name. */
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    ViewsController(CamelContext camel, Settings settings) {
        this.producer = camel.createFluentProducerTemplate();
        this.requestsPerMinute = settings.budget().limits().requestsPerMinute() * Budget.KEY_RATE;
    }

    /**
     * Answers 202 once the views are committed. After 429, 503 or no answer, the site can safely send them again.
     *
     * @param site the holder of the API key
     */
    @PostMapping("/api/views")
    ResponseEntity<?> take(InputStream body, Principal site) throws IOException {
        ConsumptionProbe rate =
                buckets.computeIfAbsent(site.getName(), name -> bucket()).tryConsumeAndReturnRemaining(1);
        if (!rate.isConsumed()) {
            return tooBusy(Duration.ofNanos(rate.getNanosToWaitForRefill()));
        }
        try {
            byte[] json = body.readNBytes(LARGEST_BODY + 1);
            if (json.length > LARGEST_BODY) {
                return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE)
                        .body(error("the body is too large; send up to 1 MB at a time"));
            }
            return ResponseEntity.accepted()
                    .body(producer.to("direct:relais-take-views")
                            .withVariable("reporter", site.getName())
                            .withBody(json)
                            .request(Views.Counted.class));
        } catch (CamelExecutionException e) {
            if (e.getCause() instanceof RejectedView rejected) {
                return ResponseEntity.badRequest().body(error(rejected.getMessage()));
            }
            return unavailable();
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(requestsPerMinute).refillGreedy(requestsPerMinute, Duration.ofMinutes(1)))
                .build();
    }

    private static ResponseEntity<?> tooBusy(Duration wait) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header("Retry-After", Long.toString(wait.toSeconds() + 1))
                .body(error("too many requests; send the views again later, with more views in each request"));
    }

    private static ResponseEntity<?> unavailable() {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header("Retry-After", "10")
                .body(error("the views could not be counted now; send them again"));
    }

    private static Map<String, String> error(String reason) {
        return Map.of("error", reason);
    }
}
