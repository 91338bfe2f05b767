package fr.relais.web.console;

import fr.relais.licence.ApiChange;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.licence.LicenceText;
import fr.relais.licence.RegisterRefusal;
import fr.relais.web.Site;
import java.io.IOException;
import java.security.Principal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.ModelAndView;

/** The page of the licence register: notices of new versions and of changes of the API, and the decisions. */
@Controller
class LicencePage extends ConsolePage {

    private static final List<String> RESULTS =
            List.of("notice", "accept", "refuse", "withdraw", "api-change", "changed");

    private final Site site;

    /**
     * A notice as the page shows it.
     *
     * @param canAccept whether a person can still accept the version
     */
    record Row(LicenceNotice notice, LicenceStatus.State state, boolean canAccept) {

        public boolean canRefuse() {
            return state == LicenceStatus.State.PENDING;
        }
    }

    LicencePage(Site site) {
        super("licence", 65);
        this.site = site;
    }

    @GetMapping("/console/licence")
    String page(@RequestParam(defaultValue = "") String result, Model model) {
        model.addAttribute("result", RESULTS.contains(result) ? result : "");
        return show(model);
    }

    @Override
    void fill(Model model) {
        LicenceStatus status = site.relais().licence().status();
        List<Row> rows = new ArrayList<>(
                status.notices().stream().map(notice -> row(status, notice)).toList());
        Collections.reverse(rows);
        model.addAttribute("rows", rows);
        model.addAttribute("inForce", status.inForce().orElse(null));
        model.addAttribute("changes", site.relais().licence().apiChanges());
    }

    private static Row row(LicenceStatus status, LicenceNotice notice) {
        LicenceStatus.State state = status.state(notice);
        return new Row(notice, state, state == LicenceStatus.State.PENDING || state == LicenceStatus.State.REFUSED);
    }

    @PostMapping("/console/licence/notices")
    ModelAndView recordNotice(
            @RequestParam String version,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate informed,
            @RequestParam MultipartFile file,
            Principal operator,
            Model model)
            throws IOException {
        try {
            LicenceText text = LicenceText.of(
                    Optional.ofNullable(file.getOriginalFilename()).orElse(""), file.getBytes());
            register().recordNotice(version.strip(), informed, text, operator.getName());
            return done("notice");
        } catch (RegisterRefusal e) {
            return refused(e, model);
        }
    }

    @PostMapping("/console/licence/changes")
    ModelAndView recordChange(
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate informed,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate effective,
            @RequestParam String summary,
            Principal operator,
            Model model) {
        try {
            register()
                    .recordApiChange(
                            informed,
                            effective == null ? ApiChange.earliestEffect(informed) : effective,
                            summary,
                            operator.getName());
            return done("api-change");
        } catch (RegisterRefusal e) {
            return refused(e, model);
        }
    }

    @GetMapping("/console/licence/{version:[A-Za-z0-9._-]{1,32}}/{decision:accept|refuse|withdraw}")
    String confirm(@PathVariable String version, @PathVariable String decision, Model model) {
        Optional<Row> row = open(version, decision);
        if (row.isEmpty()) {
            return Actions.show(path(), "changed");
        }
        model.addAttribute("notice", row.get().notice());
        model.addAttribute("decision", decision);
        return template() + "-confirm";
    }

    @PostMapping("/console/licence/{version:[A-Za-z0-9._-]{1,32}}/{decision:accept|refuse|withdraw}")
    ModelAndView decide(@PathVariable String version, @PathVariable String decision, Principal operator, Model model) {
        try {
            switch (decision) {
                case "accept" -> register().accept(version, operator.getName());
                case "refuse" -> register().refuse(version, operator.getName());
                default -> register().withdraw(version, operator.getName());
            }
            return done(decision);
        } catch (RegisterRefusal e) {
            return refused(e, model);
        }
    }

    /** Returns the notice of a version, if the decision is possible now. */
    private Optional<Row> open(String version, String decision) {
        LicenceStatus status = site.relais().licence().status();
        return status.notices().stream()
                .filter(notice -> notice.version().equals(version) && notice.withdrawnAt() == null)
                .map(notice -> row(status, notice))
                .filter(row -> switch (decision) {
                    case "accept" -> row.canAccept();
                    case "refuse" -> row.canRefuse();
                    default -> true;
                })
                .findFirst();
    }

    private ModelAndView done(String result) {
        return new ModelAndView(Actions.show(path(), result));
    }

    /** Shows the page with the reason why nothing was recorded, and with what the person has filled in. */
    private ModelAndView refused(RegisterRefusal refusal, Model model) {
        model.addAttribute("result", "");
        model.addAttribute("refusal", refusal);
        return new ModelAndView(show(model), HttpStatus.UNPROCESSABLE_CONTENT);
    }

    /** Over the pipeline's connections, because the register writes to the ledger. */
    private LicenceRegister register() {
        return site.relais().overPipeline().licence();
    }
}
