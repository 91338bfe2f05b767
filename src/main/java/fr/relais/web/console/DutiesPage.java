package fr.relais.web.console;

import fr.relais.duty.Duties;
import fr.relais.evidence.AuditPack;
import fr.relais.web.Site;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the duties: each clause of the licence with its state and its evidence, and the audit pack. */
@Controller
class DutiesPage extends ConsolePage {

    private final Site site;
    private final Lock pack = new ReentrantLock();

    /**
     * A page with evidence.
     *
     * @param name the name of the page of the console; empty for a public page
     */
    record Link(String path, Optional<String> name) {}

    DutiesPage(Site site) {
        super("duties", 63);
        this.site = site;
    }

    /** @param result {@code busy} when another person is downloading a pack */
    @GetMapping("/console/duties")
    String page(@RequestParam(defaultValue = "") String result, Model model) {
        model.addAttribute("isBusy", result.equals("busy"));
        return show(model);
    }

    @Override
    void fill(Model model) {
        Duties.Reading reading = site.relais().duties().read();
        List<ConsolePage> pages = ((Frame) model.getAttribute("frame")).pages();
        model.addAttribute("profile", reading.profile());
        model.addAttribute("duties", reading.duties());
        model.addAttribute(
                "links",
                reading.duties().stream()
                        .map(duty -> duty.clause().pages().stream()
                                .map(path -> new Link(path, name(path, pages)))
                                .toList())
                        .toList());
    }

    private static Optional<String> name(String path, List<ConsolePage> pages) {
        return pages.stream()
                .filter(page -> page.path().equals(path))
                .map(ConsolePage::name)
                .findFirst();
    }

    /**
     * Returns the audit pack of now. It is written to a temporary file first, one at a time, so that a slow download
     * holds no connection to the database.
     */
    @GetMapping("/console/duties/pack")
    ResponseEntity<?> pack() throws IOException {
        if (!pack.tryLock()) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, path() + "?result=busy")
                    .build();
        }
        Path file = null;
        try {
            file = Files.createTempFile("relais-audit-pack", ".zip");
            AuditPack.Extent extent;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                extent = site.relais().overPipeline().auditPack().write(out, Optional.empty());
            }
            ResponseEntity<?> answer = ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("application/zip"))
                    .contentLength(Files.size(file))
                    .header(
                            HttpHeaders.CONTENT_DISPOSITION,
                            ContentDisposition.attachment()
                                    .filename(fileName(extent))
                                    .build()
                                    .toString())
                    .body(new InputStreamResource(Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE)));
            file = null;
            return answer;
        } finally {
            pack.unlock();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Returns, for example, {@code relais-audit-2026-11-30T10-00-00Z.zip}, because some systems refuse colons. */
    private static String fileName(AuditPack.Extent extent) {
        return extent.until() == null
                ? "relais-audit.zip"
                : "relais-audit-" + extent.until().toString().replace(':', '-') + ".zip";
    }
}
