package fr.relais.web.api;

import fr.relais.views.RejectedView;
import fr.relais.views.Views;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that receives views from a site that shows offers. */
@RestController
class ViewsController {

    private static final int LARGEST_BODY = 1024 * 1024;

    private final ProducerTemplate producer;

    ViewsController(CamelContext camel) {
        this.producer = camel.createProducerTemplate();
    }

    /** Answers 202 once the views are committed. After 503 or no answer, the site can safely send them again. */
    @PostMapping("/api/views")
    ResponseEntity<?> take(InputStream body) throws IOException {
        try {
            byte[] json = body.readNBytes(LARGEST_BODY + 1);
            if (json.length > LARGEST_BODY) {
                return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE)
                        .body(error("the body is too large; send up to 1 MB at a time"));
            }
            return ResponseEntity.accepted().body(producer.requestBody("direct:take-views", json, Views.Counted.class));
        } catch (CamelExecutionException e) {
            if (e.getCause() instanceof RejectedView rejected) {
                return ResponseEntity.badRequest().body(error(rejected.getMessage()));
            }
            return unavailable();
        }
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
