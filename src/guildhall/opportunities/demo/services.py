"""The 44 services of the demo, each with the words its people would use. All made up; no real council, system or person."""

from typing import Final, NamedTuple

ADULTS, CHILDREN, PLACE, HOMES, CORPORATE = (
    "Adults and health",
    "Children and schools",
    "Place and environment",
    "Housing",
    "Customer and corporate",
)
DIRECTORATES: Final = (ADULTS, CHILDREN, PLACE, HOMES, CORPORATE)


class Service(NamedTuple):
    """`thing` is what comes in, `system` where it is kept, `evidence` what is often missing, `visit` what has to be booked. `volume` a year."""

    key: str
    name: str
    directorate: str
    thing: str
    things: str
    system: str
    evidence: str
    visit: str
    front: str
    lead: str
    volume: int
    data: tuple[str, ...] = ("personal",)
    risk: bool = False


_HEALTH, _CHILD = ("personal", "special_category"), ("personal", "children")
_LISTED = (
    Service("blue-badge", "Blue Badges", ADULTS, "badge application", "badge applications", "the badge system", "proof of address", "a mobility assessment", "Badge officer", "Team leader", 5200, _HEALTH),
    Service("care-needs-assessment", "Care needs assessments", ADULTS, "request for an assessment", "requests for an assessment", "the care case system", "the hospital’s discharge summary", "a home visit", "Social worker", "Practice lead", 4100, _HEALTH, True),
    Service("care-charges", "Care charging", ADULTS, "financial assessment", "financial assessments", "the care finance ledger", "a bank statement", "a financial visit", "Charging officer", "Finance lead", 2900, _HEALTH),
    Service("occupational-therapy", "Occupational therapy", ADULTS, "equipment request", "equipment requests", "the equipment store’s portal", "measurements of the doorway", "a therapist’s visit", "Therapist", "Clinical lead", 3600, _HEALTH, True),
    Service("carers-support", "Carers’ support", ADULTS, "carer’s assessment", "carers’ assessments", "the care case system", "the carer’s own account", "a telephone assessment", "Carers’ worker", "Service manager", 1500, _HEALTH, True),
    Service("safeguarding-adults", "Adult safeguarding", ADULTS, "concern", "concerns", "the care case system", "the referrer’s first account", "a strategy meeting", "Safeguarding worker", "Safeguarding manager", 2400, _HEALTH, True),
    Service("public-health", "Public health", ADULTS, "health check referral", "health check referrals", "the referral inbox", "the surgery’s letter", "a health check", "Health trainer", "Programme manager", 1900, _HEALTH),
    Service("telecare", "Telecare", ADULTS, "alarm request", "alarm requests", "the monitoring platform", "a key-holder’s number", "an installation", "Installer", "Control room lead", 1300, _HEALTH, True),
    Service("day-opportunities", "Day opportunities", ADULTS, "placement review", "placement reviews", "a set of spreadsheets", "the transport plan", "a review meeting", "Key worker", "Centre manager", 700, _HEALTH, True),
    Service("direct-payments", "Direct payments", ADULTS, "account return", "account returns", "the payments portal", "receipts", "an audit visit", "Payments officer", "Payments lead", 1100, _HEALTH),
    Service("school-admissions", "School admissions", CHILDREN, "school application", "school applications", "the admissions system", "proof of address", "an appeal hearing", "Admissions officer", "Admissions lead", 7400, _CHILD),
    Service("free-school-meals", "Free school meals", CHILDREN, "meals application", "meals applications", "the meals register", "the benefit letter", "a call-back", "Meals officer", "Pupil support lead", 3900, _CHILD),
    Service("school-transport", "School transport", CHILDREN, "transport request", "transport requests", "the routes spreadsheet", "the school’s confirmation", "a route check", "Transport officer", "Transport lead", 2600, _CHILD),
    Service("send-plans", "Special educational needs", CHILDREN, "request for a plan", "requests for a plan", "the plan tracker", "the psychologist’s advice", "an annual review", "Plan co-ordinator", "Needs lead", 1700, ("personal", "children", "special_category"), True),
    Service("early-years", "Early years", CHILDREN, "childcare funding claim", "childcare funding claims", "the providers’ portal", "the parent’s code", "a nursery visit", "Funding officer", "Early years lead", 3300, _CHILD),
    Service("childrens-front-door", "Children’s front door", CHILDREN, "referral", "referrals", "the children’s case system", "the school’s chronology", "a strategy discussion", "Screening officer", "Front door manager", 8800, ("personal", "children", "special_category"), True),
    Service("fostering", "Fostering", CHILDREN, "enquiry about fostering", "enquiries about fostering", "the recruitment log", "references", "a home visit", "Recruitment officer", "Fostering manager", 620, _CHILD, True),
    Service("youth-services", "Youth services", CHILDREN, "youth referral", "youth referrals", "the youth record", "the parent’s consent", "a first meeting", "Youth worker", "Youth lead", 980, _CHILD, True),
    Service("school-attendance", "School attendance", CHILDREN, "attendance case", "attendance cases", "the attendance record", "the school’s register", "a panel meeting", "Attendance officer", "Attendance lead", 2100, _CHILD),
    Service("missed-bin", "Missed bins", PLACE, "missed bin report", "missed bin reports", "the crew’s in-cab tablet", "the property’s number", "a second collection", "Waste adviser", "Rounds supervisor", 21000),
    Service("bulky-waste", "Bulky waste", PLACE, "bulky waste booking", "bulky waste bookings", "the rounds planner", "a list of items", "a collection", "Waste adviser", "Depot manager", 9300),
    Service("fly-tipping", "Fly-tipping", PLACE, "fly-tipping report", "fly-tipping reports", "the street scene log", "a photograph", "a clearance", "Street warden", "Enforcement lead", 6700),
    Service("potholes", "Roads and potholes", PLACE, "pothole report", "pothole reports", "the highways asset system", "the exact place", "an inspection", "Highways inspector", "Highways lead", 8100),
    Service("street-lighting", "Street lights", PLACE, "lighting fault", "lighting faults", "the lighting inventory", "the column number", "a repair", "Lighting engineer", "Lighting lead", 3400),
    Service("parking-permits", "Parking permits", PLACE, "permit application", "permit applications", "the permit system", "the vehicle’s log book", "a permit check", "Parking officer", "Parking manager", 11800),
    Service("parking-appeals", "Parking appeals", PLACE, "appeal", "appeals", "the penalty notice system", "the warden’s photographs", "a tribunal hearing", "Appeals officer", "Appeals lead", 4700),
    Service("planning-applications", "Planning applications", PLACE, "planning application", "planning applications", "the planning system", "a location plan", "a site visit", "Planning officer", "Development manager", 2300),
    Service("planning-enforcement", "Planning enforcement", PLACE, "breach report", "breach reports", "the enforcement log", "the date it began", "a site inspection", "Enforcement officer", "Enforcement manager", 760),
    Service("building-control", "Building control", PLACE, "building notice", "building notices", "the inspections diary", "the structural sums", "an inspection", "Surveyor", "Building control manager", 1600),
    Service("trees", "Trees and parks", PLACE, "tree request", "tree requests", "the paper tree map", "a photograph of the tree", "a tree survey", "Tree officer", "Parks manager", 2700),
    Service("food-safety", "Food safety", PLACE, "food business registration", "food business registrations", "the inspections register", "the floor plan", "a food inspection", "Food officer", "Environmental health lead", 890),
    Service("taxi-licensing", "Taxi licensing", PLACE, "taxi licence renewal", "taxi licence renewals", "the licensing system", "the medical certificate", "a vehicle test", "Licensing officer", "Licensing manager", 1400, ("personal", "criminal")),
    Service("housing-register", "Housing register", HOMES, "housing application", "housing applications", "the allocations system", "proof of income", "a verification interview", "Housing officer", "Allocations lead", 6100, _HEALTH),
    Service("homelessness", "Homelessness", HOMES, "homelessness approach", "homelessness approaches", "the homelessness record", "the notice to leave", "a first interview", "Housing options officer", "Prevention lead", 3200, _HEALTH, True),
    Service("council-repairs", "Council home repairs", HOMES, "repair request", "repair requests", "the repairs scheduler", "a photograph of the fault", "a repair visit", "Repairs planner", "Repairs manager", 26500),
    Service("damp-and-mould", "Damp and mould", HOMES, "damp report", "damp reports", "the surveyors’ spreadsheet", "moisture readings", "a damp survey", "Damp surveyor", "Healthy homes lead", 2200, _HEALTH, True),
    Service("rents", "Rents and arrears", HOMES, "arrears case", "arrears cases", "the rents ledger", "the benefit decision", "an arrears interview", "Income officer", "Income manager", 5400),
    Service("private-renting", "Private renting", HOMES, "complaint about a landlord", "complaints about landlords", "the housing standards log", "the tenancy agreement", "a housing inspection", "Standards officer", "Standards lead", 1250),
    Service("council-tax", "Council tax", CORPORATE, "change of address", "changes of address", "the revenues system", "the completion date", "a call-back", "Revenues officer", "Revenues manager", 31000),
    Service("council-tax-support", "Council tax support", CORPORATE, "support claim", "support claims", "the benefits system", "payslips", "a claim interview", "Benefits assessor", "Benefits manager", 8600),
    Service("contact-centre", "Contact centre", CORPORATE, "enquiry", "enquiries", "the contact log", "the caller’s reference", "a call-back", "Adviser", "Contact centre manager", 48000),
    Service("complaints", "Complaints", CORPORATE, "complaint", "complaints", "the complaints tracker", "the service’s own account", "a stage two meeting", "Complaints officer", "Feedback lead", 2500),
    Service("freedom-of-information", "Freedom of information", CORPORATE, "information request", "information requests", "the requests tracker", "the service’s figures", "a review", "Information officer", "Information governance lead", 1450),
    Service("registrars", "Registrars", CORPORATE, "certificate request", "certificate requests", "the registration diary", "the record’s number", "a registration", "Registrar", "Superintendent", 5600),
)  # fmt: skip
SERVICES: Final[tuple[Service, ...]] = _LISTED
