package fr.relais.web.page;

import fr.relais.changelog.ChangelogContent;
import fr.relais.changelog.Document;
import fr.relais.changelog.MethodVersion;
import fr.relais.web.CachedValue;
import fr.relais.web.Offers;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The pages and files of the changelog, free for everybody (licence, article 4). */
@Controller
class ChangelogController {

    private static final int SWEEPS = 50;

    private final Offers offers;
    private final CachedValue<ChangelogContent> content;
    private final CachedValue<List<Document>> documents;

    ChangelogController(Site site, Offers offers) {
        this.offers = offers;
        content = new CachedValue<>(() -> site.relais().changelog().read());
        documents = new CachedValue<>(() -> site.relais().changelog().documents());
    }

    @GetMapping("/modifications")
    String page(HttpServletRequest request, Model model) {
        offers.countRequest(request);
        ChangelogContent now = content.get();
        List<MethodVersion> versions = now.versions();
        model.addAttribute("method", versions.isEmpty() ? null : versions.get(0));
        model.addAttribute("versions", versions);
        model.addAttribute(
                "selfAudit", now.selfAudit().map(ChangelogContent::inWords).orElse(null));
        model.addAttribute("anchor", now.anchor().orElse(null));
        model.addAttribute(
                "sweeps", now.sweeps().subList(0, Math.min(SWEEPS, now.sweeps().size())));
        return "modifications";
    }

    @GetMapping({"/modifications.csv", "/modifications.json", "/modifications.atom"})
    ResponseEntity<byte[]> document(HttpServletRequest request) {
        offers.countRequest(request);
        Document document = documents.get().stream()
                .filter(candidate -> request.getServletPath().equals("/" + candidate.name()))
                .findFirst()
                .orElseThrow();
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(document.mediaType()))
                .header("Cache-Control", "no-cache")
                .eTag(document.sha256())
                .body(document.content());
    }
}
