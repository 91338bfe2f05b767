package fr.relais.web.page;

import fr.relais.sweep.Freshness;
import fr.relais.web.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** The home page, the logo and {@code robots.txt}. */
@Controller
class HomeController {

    private static final Map<String, String> LOGO_TYPES =
            Map.of("svg", "image/svg+xml", "png", "image/png", "jpg", "image/jpeg", "webp", "image/webp");

    private final Site site;

    HomeController(Site site) {
        this.site = site;
    }

    @GetMapping("/")
    String home(Model model) {
        Freshness.Reading freshness = site.freshness();
        model.addAttribute("state", freshness.seal() == null ? freshness.state() : "SEALED");
        return "accueil";
    }

    @GetMapping("/logo")
    ResponseEntity<byte[]> logo() throws IOException {
        Path file = site.display().logo().orElse(null);
        if (file == null) {
            return ResponseEntity.notFound().build();
        }
        String name = file.getFileName().toString();
        return ResponseEntity.ok()
                .header("Content-Type", LOGO_TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
                // An SVG image can run scripts when it is opened on its own.
                .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(Files.readAllBytes(file));
    }

    /** Keeps robots away from the API and the console. The other pages have a meta tag for robots. */
    @GetMapping(path = "/robots.txt", produces = "text/plain")
    @ResponseBody
    String robots() {
        return "User-agent: *\nDisallow: /api/\nDisallow: /console\n";
    }
}
