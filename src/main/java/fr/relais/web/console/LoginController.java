package fr.relais.web.console;

import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login page, the only page that strangers get. Spring Security itself handles the form. */
@Controller
class LoginController {

    private final Site site;

    LoginController(Site site) {
        this.site = site;
    }

    @GetMapping("/console/login")
    String form(
            @RequestParam(defaultValue = "") String to,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (request.getUserPrincipal() != null) {
            return "redirect:/console";
        }
        model.addAttribute("to", to);
        try {
            site.freshness();
        } catch (DataAccessException e) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            model.addAttribute("refusal", "unavailable");
        }
        return "console/login";
    }

    /** Shows the form again after a refusal. The access rules forward the request to this address. */
    @RequestMapping("/console/login/refused")
    String refused(@RequestAttribute String refusal, @RequestParam(defaultValue = "") String to, Model model) {
        model.addAttribute("refusal", refusal);
        model.addAttribute("to", to);
        return "console/login";
    }
}
