package fr.relais.web;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Document;
import fr.relais.changelog.MethodVersion;
import fr.relais.changelog.Reading;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The changelog, free for all (licence, article 4). */
@Controller
class ChangelogController {

    private static final Duration UNTIL_DATABASE = Duration.ofSeconds(30);
    private static final int SWEEPS = 50;

    private final CamelContext camel;
    private final Remembered<Reading> reading =
            new Remembered<>(() -> changelog().read());
    private final Remembered<List<Document>> documents =
            new Remembered<>(() -> changelog().documents());

    ChangelogController(CamelContext camel) {
        this.camel = camel;
    }

    @GetMapping("/modifications")
    String page(Model model) {
        try {
            Reading now = reading.get();
            List<MethodVersion> versions = now.versions();
            model.addAttribute("method", versions.isEmpty() ? null : versions.get(0));
            model.addAttribute("versions", versions);
            model.addAttribute(
                    "sweeps",
                    now.sweeps().subList(0, Math.min(SWEEPS, now.sweeps().size())));
            model.addAttribute("modifications", now.modifications());
            return "modifications";
        } catch (DataAccessException e) {
            throw NotShown.withdrawn(UNTIL_DATABASE);
        }
    }

    @GetMapping({"/modifications.csv", "/modifications.json", "/modifications.atom"})
    ResponseEntity<byte[]> document(HttpServletRequest request) {
        String path = request.getRequestURI();
        try {
            Document document = documents.get().stream()
                    .filter(candidate -> path.endsWith("/" + candidate.name()))
                    .findFirst()
                    .orElseThrow();
            return ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType(document.mediaType()))
                    .header("Cache-Control", "no-cache")
                    .body(document.content());
        } catch (DataAccessException e) {
            throw NotShown.withdrawn(UNTIL_DATABASE);
        }
    }

    private Changelog changelog() {
        return camel.getRegistry().lookupByNameAndType("changelog", Changelog.class);
    }
}
