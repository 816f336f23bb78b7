// Every page works without this module; each block adds to one component.
// The class lets the style sheet fold what the script can unfold.
document.body.classList.add('govuk-frontend-supported')
